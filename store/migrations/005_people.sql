-- Who holds which account in the helpdesk: one person each. Rows of before have it in their body alone until they are read again,
-- which is within the hour.

-- +goose Up
ALTER TABLE person ADD COLUMN agent TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX person_agent ON person (agent) WHERE agent <> '';

-- The audit log is asked about one person, or one subject.
CREATE INDEX audit_actor ON audit (actor, id);
CREATE INDEX audit_subject ON audit (subject, id);
