-- Many alike share one message: which, of each hand-off that has no card of its own.

-- +goose Up
ALTER TABLE card ADD COLUMN fold TEXT NOT NULL DEFAULT '';
CREATE INDEX card_place ON card (place_channel, place_ts);
