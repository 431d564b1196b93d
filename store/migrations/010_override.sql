-- Who is on in a rota for a span of time other than by turn: cover, illness. One that was taken back ends at 0, so that its number is
-- never another's.

-- +goose Up
CREATE TABLE rota_override (
    number  BIGINT PRIMARY KEY,
    rota    TEXT NOT NULL,
    kind    TEXT NOT NULL,
    person  TEXT NOT NULL,
    instead TEXT NOT NULL,
    begins  BIGINT NOT NULL,
    ends    BIGINT NOT NULL,
    made_by TEXT NOT NULL,
    made    BIGINT NOT NULL
);
CREATE INDEX rota_override_ends ON rota_override (ends);
CREATE TABLE rota_number (id BIGINT PRIMARY KEY, newest BIGINT NOT NULL);
INSERT INTO rota_number (id, newest) VALUES (1, 0);
