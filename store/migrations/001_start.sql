-- One text for SQLite and PostgreSQL. Instants are Unix microseconds; 9223372036854775807 stands for "never" where an
-- order needs it. Customer text lies only in content, text and assessment, which may be erased.

-- +goose Up
CREATE TABLE notice (
    desk     TEXT    NOT NULL,
    delivery TEXT    NOT NULL,
    ref      TEXT    NOT NULL,
    urgent   BOOLEAN NOT NULL,
    at       BIGINT  NOT NULL,
    PRIMARY KEY (desk, delivery, ref)
);
CREATE INDEX notice_at ON notice (at);

CREATE TABLE ticket (
    id            TEXT    NOT NULL PRIMARY KEY,
    desk          TEXT    NOT NULL,
    ref           TEXT    NOT NULL,
    version       BIGINT  NOT NULL,
    way           TEXT    NOT NULL, -- of the newest decision that was acted upon, else ''
    topic         TEXT    NOT NULL,
    reason        TEXT    NOT NULL,
    decided_at    BIGINT  NOT NULL, -- 0: not yet
    handoff_id    TEXT    NOT NULL,
    handoff_state TEXT    NOT NULL,
    active        BOOLEAN NOT NULL, -- a human is waited for
    owner         TEXT    NOT NULL,
    channel       TEXT    NOT NULL,
    due_at        BIGINT  NOT NULL, -- or never
    opened_at     BIGINT  NOT NULL,
    waiting_since BIGINT  NOT NULL, -- 0: answered
    updated_at    BIGINT  NOT NULL,
    state         TEXT    NOT NULL, -- the ticket as JSON; the columns above repeat what queries need
    UNIQUE (desk, ref)
);
CREATE INDEX ticket_ref ON ticket (ref);
CREATE INDEX ticket_queue ON ticket (due_at, opened_at, id) WHERE active;
CREATE INDEX ticket_owner ON ticket (owner, due_at, opened_at, id) WHERE active;
CREATE INDEX ticket_standing ON ticket (handoff_state) WHERE active;
CREATE INDEX ticket_decided ON ticket (decided_at, way);

CREATE TABLE content (
    ticket_id TEXT NOT NULL PRIMARY KEY REFERENCES ticket (id),
    subject   TEXT NOT NULL,
    body      TEXT NOT NULL
);

CREATE TABLE history (
    ticket_id TEXT   NOT NULL REFERENCES ticket (id),
    seq       BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    actor     TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    body      TEXT   NOT NULL,
    PRIMARY KEY (ticket_id, seq)
);
CREATE INDEX history_sent ON history (at) WHERE kind = 'sent';

CREATE TABLE text (
    ticket_id TEXT NOT NULL REFERENCES ticket (id),
    key       TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (ticket_id, key)
);

CREATE TABLE assessment (
    ticket_id TEXT   NOT NULL REFERENCES ticket (id),
    id        TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    body      TEXT   NOT NULL,
    PRIMARY KEY (ticket_id, id)
);

CREATE TABLE card (
    handoff       TEXT   NOT NULL PRIMARY KEY,
    ticket_id     TEXT   NOT NULL,
    token         TEXT   NOT NULL,
    channel       TEXT   NOT NULL,
    place_channel TEXT   NOT NULL,
    place_ts      TEXT   NOT NULL,
    posting       BIGINT NOT NULL,
    drawn         BIGINT NOT NULL,
    version       BIGINT NOT NULL, -- the ticket's, for as long as the hand-off is its newest
    thread        TEXT   NOT NULL,
    threading     TEXT   NOT NULL,
    saved_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX card_token ON card (token) WHERE token <> '';
CREATE INDEX card_lagging ON card (saved_at, handoff) WHERE drawn < version;

CREATE TABLE press (
    id    TEXT   NOT NULL PRIMARY KEY,
    at    BIGINT NOT NULL,
    body  BYTEA  NOT NULL,
    ack   BYTEA  NOT NULL,
    state TEXT   NOT NULL
);
CREATE INDEX press_at ON press (at);

CREATE TABLE person (
    id   TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);

CREATE TABLE team_group (
    id     TEXT NOT NULL PRIMARY KEY,
    handle TEXT NOT NULL
);

CREATE TABLE member (
    group_id  TEXT NOT NULL,
    person_id TEXT NOT NULL,
    PRIMARY KEY (group_id, person_id)
);
CREATE INDEX member_person ON member (person_id, group_id);

-- Changes of membership that are newer than the reading kept: the next reading may not have seen them.
CREATE TABLE member_change (
    group_id  TEXT    NOT NULL,
    person_id TEXT    NOT NULL,
    member    BOOLEAN NOT NULL,
    at        BIGINT  NOT NULL,
    PRIMARY KEY (group_id, person_id)
);

-- One row: when the reading of groups that is kept began.
CREATE TABLE group_reading (
    id    BIGINT NOT NULL PRIMARY KEY,
    begun BIGINT NOT NULL
);

CREATE TABLE policy (
    version BIGINT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    author  TEXT   NOT NULL,
    why     TEXT   NOT NULL,
    body    TEXT   NOT NULL
);

CREATE TABLE pause (
    scope  TEXT   NOT NULL PRIMARY KEY,
    author TEXT   NOT NULL,
    at     BIGINT NOT NULL
);

CREATE TABLE feedback (
    reply     TEXT   NOT NULL PRIMARY KEY,
    ticket_id TEXT   NOT NULL,
    topic     TEXT   NOT NULL,
    person_id TEXT   NOT NULL,
    verdict   TEXT   NOT NULL,
    at        BIGINT NOT NULL
);
CREATE INDEX feedback_topic ON feedback (topic, verdict);

CREATE TABLE audit (
    id      TEXT   NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    subject TEXT   NOT NULL,
    outcome TEXT   NOT NULL,
    detail  TEXT   NOT NULL,
    seq     BIGINT NOT NULL, -- 0 until it is sealed
    hash    TEXT   NOT NULL
);
CREATE UNIQUE INDEX audit_seq ON audit (seq) WHERE seq > 0;
CREATE INDEX audit_unsealed ON audit (id) WHERE seq = 0;

-- One row: the newest sealed row. It is what a sealing locks, and how a missing end is noticed.
CREATE TABLE audit_head (
    id   BIGINT NOT NULL PRIMARY KEY,
    seq  BIGINT NOT NULL,
    hash TEXT   NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');

CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE job (
    id          TEXT    NOT NULL PRIMARY KEY,
    kind        TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    grp         TEXT    NOT NULL,
    payload     BYTEA   NOT NULL,
    urgent      BOOLEAN NOT NULL,
    run_at      BIGINT  NOT NULL,
    state       TEXT    NOT NULL, -- ready, running, dead
    fresh       BOOLEAN NOT NULL, -- its group has not yet been told that it is due
    attempt     BIGINT  NOT NULL, -- begun
    owner       TEXT    NOT NULL,
    lease_until BIGINT  NOT NULL,
    last_error  TEXT    NOT NULL
);
CREATE UNIQUE INDEX job_waiting ON job (kind, key) WHERE state = 'ready' AND key <> '';
CREATE INDEX job_due ON job (kind, urgent, run_at, id) WHERE state = 'ready' AND grp = '';
CREATE INDEX job_grouped ON job (grp, urgent DESC, run_at, id) WHERE state = 'ready' AND grp <> '';
CREATE INDEX job_fresh ON job (run_at, grp) WHERE fresh;
CREATE INDEX job_next ON job (run_at) WHERE state = 'ready';
CREATE INDEX job_lease ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_dead ON job (id) WHERE state = 'dead';

-- A group of jobs that run one at a time, for as long as one is due, or runs, or its pace has to be remembered. Only
-- dispatchers write here, so that nobody else ever waits for them.
CREATE TABLE job_group (
    name     TEXT    NOT NULL PRIMARY KEY,
    holder   TEXT    NOT NULL, -- the job that was started last, or ''; it holds the group for as long as it runs
    head     TEXT    NOT NULL, -- the job that is next, or ''
    kind     TEXT    NOT NULL, -- of the head
    urgent   BOOLEAN NOT NULL, -- of the head
    start_at BIGINT  NOT NULL, -- when the head may start, or never
    next_at  BIGINT  NOT NULL, -- nothing starts before: pace and holds
    tat      BIGINT  NOT NULL, -- the pace's theoretical arrival time
    look_at  BIGINT  NOT NULL  -- when the row is to be worked out afresh, or never
);
CREATE INDEX job_group_look ON job_group (look_at);
CREATE INDEX job_group_start ON job_group (kind, urgent, start_at);
CREATE INDEX job_group_next ON job_group (start_at);
CREATE INDEX job_group_held ON job_group (holder) WHERE holder <> '';

CREATE TABLE cron (
    name    TEXT   NOT NULL PRIMARY KEY,
    spec    TEXT   NOT NULL,
    zone    TEXT   NOT NULL,
    slot    BIGINT NOT NULL, -- the next occurrence as the zone's wall clock says it
    next_at BIGINT NOT NULL  -- the next occurrence's instant
);
