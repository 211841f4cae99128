-- 依申请公开: how long applicants' data are kept, what is held back, what was erased and who approved it.
ALTER TABLE request ADD COLUMN archived_on TEXT;
-- The papers that prove who asks, and their number, are gone since this day.
ALTER TABLE request ADD COLUMN identity_erased_on TEXT;
-- Everything that tells who asked is gone since this day.
ALTER TABLE request ADD COLUMN erased_on TEXT;
UPDATE request SET archived_on = (SELECT MAX(e.on_day) FROM request_entry e WHERE e.request_id = request.id AND e.act = 'archive')
    WHERE state = 'archived';
CREATE INDEX request_archived ON request (organ_id, archived_on);
CREATE INDEX request_erased ON request (organ_id, erased_on);

-- Whole years after archiving; an organ without a row uses the defaults.
CREATE TABLE request_term (
    organ_id TEXT NOT NULL REFERENCES organ (id),
    kind TEXT NOT NULL,
    data_years BIGINT NOT NULL,
    identity_years BIGINT NOT NULL,
    -- What the organ rests it on.
    basis TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (organ_id, kind)
);

-- 保留: nothing of the case goes while a row is open.
CREATE TABLE request_hold (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES request (id),
    why TEXT NOT NULL,
    held_by TEXT NOT NULL,
    held_on TEXT NOT NULL,
    released_by TEXT,
    released_on TEXT,
    released_why TEXT
);
CREATE INDEX request_hold_request ON request_hold (request_id, released_on);
CREATE UNIQUE INDEX request_hold_open ON request_hold (request_id) WHERE released_on IS NULL;

-- 清除: proposed by one person, approved or refused by another.
CREATE TABLE request_erasure (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES request (id),
    part TEXT NOT NULL,
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    -- Further files that go too: a JSON list of attachments.
    also TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposer_id TEXT NOT NULL,
    proposed_on TEXT NOT NULL,
    decided_by TEXT,
    decider_id TEXT,
    decided_on TEXT,
    decided_why TEXT,
    -- What went, without what it said: JSON.
    register TEXT,
    version BIGINT NOT NULL,
    CHECK (state <> 'done' OR decider_id <> proposer_id)
);
CREATE INDEX request_erasure_request ON request_erasure (request_id, proposed_on);
CREATE INDEX request_erasure_state ON request_erasure (state, decided_on);
CREATE UNIQUE INDEX request_erasure_open ON request_erasure (request_id) WHERE state = 'proposed';
