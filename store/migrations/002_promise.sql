-- What people said of answers, and the questions that wait for one click.

-- +goose Up
CREATE TABLE judgement (
    reply      TEXT             NOT NULL PRIMARY KEY, -- the newest judgement of a reply stands
    ticket_id  TEXT             NOT NULL,
    topic      TEXT             NOT NULL,
    kind       TEXT             NOT NULL, -- draft, review, complaint
    verdict    TEXT             NOT NULL, -- right, wrong, void
    detail     TEXT             NOT NULL,
    way        TEXT             NOT NULL, -- of the decision that the answer belongs to
    confidence DOUBLE PRECISION NOT NULL,
    person_id  TEXT             NOT NULL,
    at         BIGINT           NOT NULL
);
CREATE INDEX judgement_topic ON judgement (topic, at, reply, verdict);
CREATE INDEX judgement_at ON judgement (at, reply, verdict);

CREATE TABLE ask (
    token   TEXT   NOT NULL PRIMARY KEY,
    kind    TEXT   NOT NULL,
    subject TEXT   NOT NULL, -- what it is counted by: a topic
    at      BIGINT NOT NULL,
    body    TEXT   NOT NULL
);
CREATE INDEX ask_subject ON ask (kind, subject, at);
CREATE INDEX ask_at ON ask (at);

CREATE INDEX ticket_topic ON ticket (topic, decided_at, way);
