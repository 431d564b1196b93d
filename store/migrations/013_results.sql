-- How people did with the targets of tickets: one row for each clock that was met. Times in µs; took is working time. The index holds all that
-- sums them up.

-- +goose Up
CREATE TABLE target_result (
    ticket  TEXT NOT NULL,
    target  TEXT NOT NULL,
    started BIGINT NOT NULL,
    channel TEXT NOT NULL,
    ended   BIGINT NOT NULL,
    took    BIGINT NOT NULL,
    late    BOOLEAN NOT NULL,
    PRIMARY KEY (ticket, target, started)
);
CREATE INDEX target_result_ended ON target_result (ended, target, channel, took, late);
