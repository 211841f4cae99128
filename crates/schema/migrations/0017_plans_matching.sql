-- 对照: a plan with its predecessor (kind 'year') or its upper plan (kind 'level'); one of each kind at most.
CREATE TABLE plan_pair (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    old_plan_id TEXT NOT NULL REFERENCES plan (id),
    new_plan_id TEXT NOT NULL REFERENCES plan (id),
    -- What both plans' tasks counted up to when they were matched; another sum says that a plan changed since.
    seen BIGINT NOT NULL,
    matched_by TEXT NOT NULL,
    matched_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (new_plan_id, kind)
);
CREATE INDEX plan_pair_old ON plan_pair (old_plan_id, kind);

-- Which task answers which. A task without a row that counts is dropped (old) or new.
CREATE TABLE task_link (
    pair_id TEXT NOT NULL REFERENCES plan_pair (id),
    old_task_id TEXT NOT NULL REFERENCES task (id),
    new_task_id TEXT NOT NULL REFERENCES task (id),
    -- What became of the old task in all that answers it, for the two uses.
    turn TEXT NOT NULL,
    cover TEXT NOT NULL,
    -- JSON: sentences.
    reasons TEXT NOT NULL,
    certainty TEXT NOT NULL,
    -- Hundredths.
    likeness BIGINT NOT NULL,
    state TEXT NOT NULL,
    settled_by TEXT,
    settled_at BIGINT,
    PRIMARY KEY (pair_id, old_task_id, new_task_id)
);
CREATE INDEX task_link_old ON task_link (old_task_id, state);
CREATE INDEX task_link_new ON task_link (new_task_id, state);

-- A missing measure of the upper plan on its way into the lower one, as a proposed change.
CREATE TABLE task_adoption (
    pair_id TEXT NOT NULL REFERENCES plan_pair (id),
    old_task_id TEXT NOT NULL REFERENCES task (id),
    change_id TEXT NOT NULL REFERENCES task_change (id),
    -- The task that the change makes, there only once it is approved.
    task_id TEXT NOT NULL,
    PRIMARY KEY (pair_id, old_task_id)
);
CREATE INDEX task_adoption_task ON task_adoption (task_id);

-- 回头看事项: an organ's unfinished part of last year in this year's ledger.
CREATE TABLE carried (
    id TEXT PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plan (id),
    old_assignment_id TEXT NOT NULL REFERENCES assignment (id),
    old_task_id TEXT NOT NULL REFERENCES task (id),
    -- This year's task in which it goes on.
    task_id TEXT REFERENCES task (id),
    -- Who has to act now; the heir where the organ was merged.
    organ_id TEXT NOT NULL REFERENCES organ (id),
    text TEXT NOT NULL,
    due_text TEXT NOT NULL,
    due_on TEXT,
    state TEXT NOT NULL,
    done_text TEXT NOT NULL,
    planned_on TEXT,
    note TEXT,
    reported_by TEXT,
    reported_on TEXT,
    position BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (plan_id, old_assignment_id)
);
CREATE INDEX carried_plan ON carried (plan_id, state, position, id);
CREATE INDEX carried_organ ON carried (organ_id, state, plan_id, position, id);
CREATE INDEX carried_old ON carried (old_task_id);
CREATE INDEX carried_task ON carried (task_id);
