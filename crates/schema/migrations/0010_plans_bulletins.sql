-- 通报: praise and criticism, assembled from facts; numbers run by office and year from approval on.
CREATE TABLE bulletin (
    id TEXT PRIMARY KEY,
    office_id TEXT NOT NULL REFERENCES organ (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    year BIGINT,
    n BIGINT,
    number TEXT,
    opening TEXT NOT NULL,
    closing TEXT NOT NULL,
    -- A ranking was asked for.
    ranking BIGINT NOT NULL,
    reply_days BIGINT NOT NULL,
    reply_due_on TEXT,
    state TEXT NOT NULL,
    -- Who approves: head or leader.
    approver TEXT NOT NULL,
    drafted_by TEXT NOT NULL,
    drafted_on TEXT NOT NULL,
    approved_by TEXT,
    issued_on TEXT,
    reason TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (office_id, year, n)
);
CREATE INDEX bulletin_office ON bulletin (office_id, state, created_at);
-- What it says of one unit, and what the unit answers. `sentences` is JSON: [{text, fact: {kind, id}}].
CREATE TABLE bulletin_part (
    bulletin_id TEXT NOT NULL REFERENCES bulletin (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    position BIGINT NOT NULL,
    sentences TEXT NOT NULL,
    state TEXT NOT NULL,
    reply_text TEXT,
    replied_by TEXT,
    replied_on TEXT,
    verdict TEXT,
    closed_on TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (bulletin_id, organ_id)
);
CREATE INDEX bulletin_part_organ ON bulletin_part (organ_id);
