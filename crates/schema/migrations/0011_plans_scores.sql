-- 考核办法: criteria as JSON, by office and year; every change is a new version.
CREATE TABLE score_scheme (
    id TEXT PRIMARY KEY,
    office_id TEXT NOT NULL REFERENCES organ (id),
    year BIGINT NOT NULL,
    version BIGINT NOT NULL,
    data TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (office_id, year, version)
);
-- 考核期, with the scheme as it was when the period opened.
CREATE TABLE score_period (
    id TEXT PRIMARY KEY,
    office_id TEXT NOT NULL REFERENCES organ (id),
    title TEXT NOT NULL,
    year BIGINT NOT NULL,
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    scheme TEXT NOT NULL,
    scheme_version BIGINT NOT NULL,
    state TEXT NOT NULL,
    computed_on TEXT,
    appeal_until TEXT,
    approved_by TEXT,
    locked_on TEXT,
    reason TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX score_period_office ON score_period (office_id, to_on);
-- What a person gave, while the period is open. Points are hundredths.
CREATE TABLE score_judgement (
    period_id TEXT NOT NULL REFERENCES score_period (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    indicator TEXT NOT NULL,
    points BIGINT NOT NULL,
    note TEXT NOT NULL,
    judged_by TEXT NOT NULL,
    PRIMARY KEY (period_id, organ_id, indicator)
);
-- The facts that were counted, as JSON, the adjustments, and what followed from both.
CREATE TABLE score_unit (
    period_id TEXT NOT NULL REFERENCES score_period (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    inputs TEXT NOT NULL,
    adjustments TEXT NOT NULL,
    total BIGINT NOT NULL,
    grade TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (period_id, organ_id)
);
CREATE INDEX score_unit_total ON score_unit (period_id, total);
-- 申诉 against one line of one unit; what it changes is kept as an adjustment.
CREATE TABLE score_appeal (
    id TEXT PRIMARY KEY,
    period_id TEXT NOT NULL REFERENCES score_period (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    indicator TEXT NOT NULL,
    text TEXT NOT NULL,
    appealed_by TEXT NOT NULL,
    appealed_on TEXT NOT NULL,
    state TEXT NOT NULL,
    decision TEXT,
    decided_by TEXT,
    points BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (period_id, organ_id, indicator)
);
