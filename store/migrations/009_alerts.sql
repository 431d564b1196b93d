-- What a channel is to be told of targets that come near or are missed. A row goes when it is told.

-- +goose Up
CREATE TABLE alert (
    id      TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    at      BIGINT NOT NULL,
    body    TEXT NOT NULL
);
CREATE INDEX alert_channel ON alert (channel, id);
