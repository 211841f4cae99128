-- 问题: whatever a check or a person discovers. `organ_id` has to mend it, `office_id` watches over it.
CREATE TABLE finding (
    id TEXT PRIMARY KEY,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    office_id TEXT NOT NULL REFERENCES organ (id),
    -- The same key found again in the same organ is the same finding.
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    url TEXT,
    -- What it is about: a noun and its id.
    about_kind TEXT,
    about_id TEXT,
    state TEXT NOT NULL,
    found_by TEXT NOT NULL,
    found_on TEXT NOT NULL,
    last_found_on TEXT NOT NULL,
    times BIGINT NOT NULL,
    fix_due_on TEXT,
    -- From then on its unit sees it.
    confirmed_on TEXT,
    -- What the unit says, and what the last re-check said.
    claim TEXT,
    claimed_by TEXT,
    claimed_on TEXT,
    verdict TEXT,
    closed_on TEXT,
    -- Why it is untrue or put off, and until when.
    reason TEXT,
    until_on TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organ_id, key)
);
CREATE INDEX finding_office ON finding (office_id, state, fix_due_on);
CREATE INDEX finding_organ ON finding (organ_id, state, fix_due_on);
CREATE INDEX finding_about ON finding (about_kind, about_id);

-- 附件: a file or an address beside a finding, a reply, an appeal.
CREATE TABLE attachment (
    id TEXT PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    file_id TEXT REFERENCES file (id),
    url TEXT,
    title TEXT NOT NULL,
    added_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX attachment_subject ON attachment (subject_kind, subject_id, created_at);
