-- 要点分工方案. `organ_id` is the office that owns it, `government_id` the government whose measures these are.
CREATE TABLE plan (
    id TEXT PRIMARY KEY,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    government_id TEXT NOT NULL REFERENCES organ (id),
    title TEXT NOT NULL,
    notice_title TEXT,
    document_number TEXT,
    issuer TEXT,
    issued_on TEXT,
    published_on TEXT,
    year BIGINT NOT NULL,
    state TEXT NOT NULL,
    source_file_id TEXT REFERENCES file (id),
    draft_id TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX plan_organ ON plan (organ_id, year);
CREATE INDEX plan_government ON plan (government_id, year);
-- Dates that the covering notice sets for everybody: reporting rounds and the like. `kind` as in gold/README.md.
CREATE TABLE plan_deadline (
    plan_id TEXT NOT NULL REFERENCES plan (id),
    position BIGINT NOT NULL,
    text TEXT NOT NULL,
    due_on TEXT,
    kind TEXT NOT NULL,
    PRIMARY KEY (plan_id, position)
);
-- What the portal shows of a plan's progress, as it was when the office published it.
CREATE TABLE plan_snapshot (
    id TEXT PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plan (id),
    data TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    withdrawn_at BIGINT
);
CREATE INDEX plan_snapshot_plan ON plan_snapshot (plan_id, published_at);

-- 任务
CREATE TABLE task (
    id TEXT PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plan (id),
    position BIGINT NOT NULL,
    number BIGINT,
    section TEXT,
    section_group TEXT,
    text TEXT NOT NULL,
    organ_text TEXT NOT NULL,
    -- The last day by which the task must be done, where it has one.
    due_on TEXT,
    -- JSON: [{text, date, kind}] and [{text, value, max, unit}], as printed.
    deadlines TEXT NOT NULL,
    quantities TEXT NOT NULL,
    -- JSON: where it stands in the source file.
    place TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX task_plan ON task (plan_id, position);

-- 分工: task × organ × role. Reports and evidence hang here.
CREATE TABLE assignment (
    id TEXT PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plan (id),
    task_id TEXT NOT NULL REFERENCES task (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    role TEXT NOT NULL,
    -- The name as printed; a collective's where the organ came from one.
    named_as TEXT NOT NULL,
    state TEXT NOT NULL,
    due_on TEXT,
    -- The report in force.
    report_id TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (task_id, organ_id)
);
CREATE INDEX assignment_plan ON assignment (plan_id, organ_id);
CREATE INDEX assignment_organ ON assignment (organ_id, state, due_on);

-- 进展填报: each edit is a row of its own; `based_on` is the one that its author saw.
CREATE TABLE report (
    id TEXT PRIMARY KEY,
    assignment_id TEXT NOT NULL REFERENCES assignment (id),
    sequence BIGINT NOT NULL,
    based_on TEXT,
    outcome TEXT NOT NULL,
    done_text TEXT NOT NULL,
    pending_text TEXT NOT NULL,
    planned_on TEXT,
    author_id TEXT,
    author_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (assignment_id, sequence)
);

-- 佐证
CREATE TABLE evidence (
    id TEXT PRIMARY KEY,
    assignment_id TEXT NOT NULL REFERENCES assignment (id),
    kind TEXT NOT NULL,
    file_id TEXT REFERENCES file (id),
    url TEXT,
    title TEXT NOT NULL,
    proves TEXT NOT NULL,
    dated_on TEXT,
    withdrawn_at BIGINT,
    withdrawn_why TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX evidence_assignment ON evidence (assignment_id);

-- 变更: adding, amending, transferring, cancelling after confirmation, each with reason and approval.
CREATE TABLE task_change (
    id TEXT PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plan (id),
    task_id TEXT REFERENCES task (id),
    kind TEXT NOT NULL,
    -- JSON: what is wanted, and what was there before (for the diff and for undoing).
    payload TEXT NOT NULL,
    previous TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    proposed_by TEXT,
    proposer_name TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    decided_by TEXT,
    decider_name TEXT,
    decided_at BIGINT,
    decision_note TEXT
);
CREATE INDEX task_change_plan ON task_change (plan_id, state);

-- 保存的视图
CREATE TABLE saved_view (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, name)
);

-- 导入草稿: survives closing the browser until it is confirmed or thrown away.
CREATE TABLE import_draft (
    id TEXT PRIMARY KEY,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    account_id TEXT REFERENCES account (id),
    state TEXT NOT NULL,
    file_id TEXT NOT NULL REFERENCES file (id),
    file_name TEXT NOT NULL,
    job_id TEXT,
    -- JSON: the neutral blocks of the source, and the plan as it is being edited.
    source TEXT,
    content TEXT,
    failure TEXT,
    plan_id TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX import_draft_organ ON import_draft (organ_id, state, updated_at);
