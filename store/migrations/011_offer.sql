-- On whom a hand-off weighs: its owner, or whom it is offered to. When each person of a rota was offered one last, and what the last
-- reading of Slack said of them. The one row of offer_hold is held by who offers, so that no two offer at once.

-- +goose Up
ALTER TABLE ticket ADD COLUMN bearer TEXT NOT NULL DEFAULT '';
UPDATE ticket SET bearer = owner WHERE active AND handoff_state = 'claimed';
CREATE INDEX ticket_bearer ON ticket (bearer) WHERE bearer <> '';
CREATE TABLE turn (
    rota   TEXT NOT NULL,
    person TEXT NOT NULL,
    at     BIGINT NOT NULL,
    PRIMARY KEY (rota, person)
);
CREATE TABLE presence (person TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE offer_hold (id BIGINT PRIMARY KEY, times BIGINT NOT NULL);
INSERT INTO offer_hold (id, times) VALUES (1, 0);
