-- Who holds which account in which helpdesk: one person each. So far there was one helpdesk, "main". A person's body of before names no
-- helpdesk and is read as such.

-- +goose Up
CREATE TABLE account (
    desk      TEXT NOT NULL,
    agent     TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    PRIMARY KEY (desk, agent)
);
CREATE INDEX account_person ON account (person_id);
INSERT INTO account (desk, agent, person_id) SELECT 'main', agent, id FROM person WHERE agent <> '';
DROP INDEX person_agent;
ALTER TABLE person DROP COLUMN agent;
