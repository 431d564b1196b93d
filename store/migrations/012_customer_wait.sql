-- How long customers waited for a person's first answer, a row for each hand-off that was not passed on from another; and of those that
-- an update was due to, whether it was held out to see what updates do.

-- +goose Up
CREATE TABLE customer_wait (
    handoff  TEXT    NOT NULL PRIMARY KEY,
    channel  TEXT    NOT NULL,
    topic    TEXT    NOT NULL,
    chat     BOOLEAN NOT NULL,
    began    BIGINT  NOT NULL,
    ended    BIGINT  NOT NULL, -- 0: they still wait
    answered BOOLEAN NOT NULL, -- a person's answer ended it
    trial    TEXT    NOT NULL, -- 'told', 'held', or '' while no update was due
    asked    BOOLEAN NOT NULL, -- they wrote again after that, still waiting
    reopened BOOLEAN NOT NULL  -- the ticket came back after it had ended
);
CREATE INDEX customer_wait_team ON customer_wait (chat, began);
CREATE INDEX customer_wait_topic ON customer_wait (chat, channel, topic, began);
CREATE INDEX customer_wait_trial ON customer_wait (trial, began) WHERE trial <> '';
CREATE INDEX customer_wait_began ON customer_wait (began);
