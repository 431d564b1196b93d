-- App Home: who has it open, and the queue as they narrow it there.

-- +goose Up
ALTER TABLE ticket ADD COLUMN draft BOOLEAN NOT NULL DEFAULT FALSE; -- an answer waits for approval
UPDATE ticket SET draft = TRUE WHERE active AND way = 'draft'; -- near enough until the ticket is saved next
CREATE INDEX ticket_tally ON ticket (channel, topic, handoff_state, draft, due_at, waiting_since, owner) WHERE active;

CREATE TABLE home (
    person_id TEXT   NOT NULL PRIMARY KEY,
    looked_at BIGINT NOT NULL,
    body      TEXT   NOT NULL, -- JSON: which part of the queue, and what the last click came to
    drawn     TEXT   NOT NULL, -- a hash of what Slack shows; '' while that is nothing that changes
    drawn_at  BIGINT NOT NULL
);
CREATE INDEX home_open ON home (looked_at) WHERE drawn <> '';
