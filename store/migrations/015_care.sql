-- What finds a ticket that nobody looks after. Tickets of before count as unsettled until they were looked at once.

-- +goose Up
ALTER TABLE ticket ADD COLUMN unsettled BOOLEAN NOT NULL DEFAULT TRUE; -- something of ours is open on it
CREATE INDEX ticket_unsettled ON ticket (id) WHERE unsettled;

ALTER TABLE content ADD COLUMN read_at BIGINT NOT NULL DEFAULT 0; -- when it was last read from the helpdesk

ALTER TABLE job ADD COLUMN failing_since BIGINT NOT NULL DEFAULT 0; -- 0: it does not fail
CREATE INDEX job_failing ON job (failing_since) WHERE failing_since > 0;

-- What nobody looks after, and since when it is known. A row goes when somebody does.
CREATE TABLE loose (
    subject   TEXT   NOT NULL PRIMARY KEY, -- a ticket's id, or 'job:KIND'
    ticket_id TEXT   NOT NULL,             -- '' of work that belongs to no ticket
    channel   TEXT   NOT NULL,             -- whom to tell
    why       TEXT   NOT NULL,
    since     BIGINT NOT NULL,
    told      BIGINT NOT NULL,             -- how often
    told_at   BIGINT NOT NULL
);
