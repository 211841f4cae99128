-- 督办单. `organ_id` must answer; numbers run by office and year from approval on.
CREATE TABLE supervision (
    id TEXT PRIMARY KEY,
    office_id TEXT NOT NULL REFERENCES organ (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    year BIGINT,
    n BIGINT,
    number TEXT,
    title TEXT NOT NULL,
    requirement TEXT NOT NULL,
    -- Working days from the day of issue, and the day that follows from it.
    reply_days BIGINT NOT NULL,
    reply_due_on TEXT,
    state TEXT NOT NULL,
    drafted_by TEXT NOT NULL,
    drafted_on TEXT NOT NULL,
    approved_by TEXT,
    issued_on TEXT,
    received_by TEXT,
    received_on TEXT,
    replied_on TEXT,
    reason TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (office_id, year, n)
);
CREATE INDEX supervision_office ON supervision (office_id, state, reply_due_on);
CREATE INDEX supervision_organ ON supervision (organ_id, state, reply_due_on);
-- What it is about: a unit's part in a task, or a finding, in the words of the day.
CREATE TABLE supervision_item (
    supervision_id TEXT NOT NULL REFERENCES supervision (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    task_id TEXT,
    text TEXT NOT NULL,
    due_text TEXT NOT NULL,
    PRIMARY KEY (supervision_id, position)
);
CREATE INDEX supervision_item_task ON supervision_item (task_id);
CREATE TABLE supervision_reply (
    id TEXT PRIMARY KEY,
    supervision_id TEXT NOT NULL REFERENCES supervision (id),
    sequence BIGINT NOT NULL,
    text TEXT NOT NULL,
    replied_by TEXT NOT NULL,
    replied_on TEXT NOT NULL,
    -- The office's answer to it.
    accepted BIGINT,
    note TEXT,
    UNIQUE (supervision_id, sequence)
);
-- What an office sets for its own papers: patterns of numbers, who approves bulletins.
CREATE TABLE office_rule (
    office_id TEXT NOT NULL REFERENCES organ (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (office_id, name)
);
