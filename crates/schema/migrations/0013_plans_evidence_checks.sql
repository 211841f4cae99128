-- 佐证: besides files and addresses now events, figures and records of this system; the sentence it quotes, the seal of what
-- was relied on, and what the last check found. Figures are whole hundredths.
ALTER TABLE evidence ADD COLUMN quote TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN event_kind TEXT;
ALTER TABLE evidence ADD COLUMN attendance BIGINT;
ALTER TABLE evidence ADD COLUMN figure_value BIGINT;
ALTER TABLE evidence ADD COLUMN figure_unit TEXT;
ALTER TABLE evidence ADD COLUMN figure_source TEXT;
ALTER TABLE evidence ADD COLUMN figure_key TEXT;
ALTER TABLE evidence ADD COLUMN record_kind TEXT;
ALTER TABLE evidence ADD COLUMN record_id TEXT;
ALTER TABLE evidence ADD COLUMN seal TEXT;
ALTER TABLE evidence ADD COLUMN checked_at BIGINT;
ALTER TABLE evidence ADD COLUMN verdict TEXT;
ALTER TABLE evidence ADD COLUMN verdict_why TEXT;
ALTER TABLE evidence ADD COLUMN verdict_seal TEXT;
-- A check found that it changed or is gone, and no later one that it holds; the office did not accept it.
ALTER TABLE evidence ADD COLUMN decayed BIGINT NOT NULL DEFAULT 0;
-- What the office accepted in spite of a verdict: exactly that verdict on exactly what was seen.
ALTER TABLE evidence ADD COLUMN accepted_verdict TEXT;
ALTER TABLE evidence ADD COLUMN accepted_seal TEXT;
ALTER TABLE evidence ADD COLUMN accepted_why TEXT;
ALTER TABLE evidence ADD COLUMN accepted_by TEXT;
ALTER TABLE evidence ADD COLUMN accepted_at BIGINT;
-- The seal of a file is the hash of its bytes.
UPDATE evidence SET seal = (SELECT f.sha256 FROM file f WHERE f.id = evidence.file_id) WHERE file_id IS NOT NULL;

-- Facts kept beside the rows: evidence that decayed, and whether it takes away what the report in force says is done.
ALTER TABLE assignment ADD COLUMN decayed_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN reopened BIGINT NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN reopened BIGINT NOT NULL DEFAULT 0;
CREATE INDEX assignment_reopened ON assignment (plan_id, state, position, task_id, organ_id) WHERE reopened = 1;
CREATE INDEX task_reopened ON task (plan_id, state, position, id) WHERE reopened = 1;

-- 核验批次: one run over many pieces of evidence; its id is that of its job, so that a job that was killed goes on where its
-- last committed batch ended.
CREATE TABLE evidence_run (
    id TEXT PRIMARY KEY,
    -- nightly, plan or task, and which.
    kind TEXT NOT NULL,
    plan_id TEXT REFERENCES plan (id),
    task_id TEXT REFERENCES task (id),
    started_by TEXT NOT NULL,
    -- The last evidence that was checked.
    cursor TEXT NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    holds BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    gone BIGINT NOT NULL,
    cannot_tell BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX evidence_run_plan ON evidence_run (plan_id, started_at);
-- 核验: every single check, never overwritten.
CREATE TABLE evidence_check (
    id TEXT PRIMARY KEY,
    evidence_id TEXT NOT NULL REFERENCES evidence (id),
    run_id TEXT REFERENCES evidence_run (id),
    -- check or acceptance.
    kind TEXT NOT NULL,
    verdict TEXT NOT NULL,
    why TEXT NOT NULL,
    -- What was seen, in a sentence, and its seal.
    seen TEXT NOT NULL,
    seal TEXT,
    checked_by TEXT NOT NULL,
    checked_at BIGINT NOT NULL
);
CREATE INDEX evidence_check_evidence ON evidence_check (evidence_id, checked_at);
CREATE INDEX evidence_check_run ON evidence_check (run_id, verdict);
