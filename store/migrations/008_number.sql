-- What agents call a ticket, where that is not its id in the helpdesk: Jira's key, Help Scout's number. A ticket that is known already has
-- none until it is read next.

-- +goose Up
ALTER TABLE content ADD COLUMN number TEXT NOT NULL DEFAULT '';
CREATE INDEX content_number ON content (lower(number)) WHERE number <> '';
