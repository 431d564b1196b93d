-- What was solved and how, for every replica to learn; and what was learned.

-- +goose Up
CREATE TABLE solved (
    ticket_id TEXT   NOT NULL PRIMARY KEY, -- the newest solution of a ticket stands
    at        BIGINT NOT NULL,
    answer    TEXT   NOT NULL, -- the known answer that solved it; '' where a person's own words did
    person_id TEXT   NOT NULL  -- who stood behind it; '' where only the helpdesk knows
);
CREATE INDEX solved_at ON solved (at, ticket_id);

CREATE TABLE model (
    version    BIGINT NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL,
    code       TEXT   NOT NULL, -- the code that made it and that alone can use it
    hash       TEXT   NOT NULL, -- of what it was trained on
    trained_on BIGINT NOT NULL, -- past tickets
    metrics    TEXT   NOT NULL, -- JSON
    body       BYTEA  NOT NULL
);
