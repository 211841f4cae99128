-- 报送轮次: by when the units of a plan report, and on what that rests.
CREATE TABLE report_round (
    id TEXT PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES plan (id),
    office_id TEXT NOT NULL REFERENCES organ (id),
    name TEXT NOT NULL,
    due_on TEXT NOT NULL,
    -- What the reports are about.
    from_on TEXT NOT NULL,
    to_on TEXT NOT NULL,
    -- From the notice, with its words and their place; or by hand, with the reason.
    source TEXT NOT NULL,
    source_text TEXT NOT NULL,
    source_place TEXT NOT NULL,
    -- Units that merely cooperate are asked, too.
    cooperating BIGINT NOT NULL,
    state TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    opened_on TEXT NOT NULL,
    ended_on TEXT,
    reason TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX report_round_office ON report_round (office_id, state, due_on);
CREATE INDEX report_round_plan ON report_round (plan_id, due_on);
CREATE INDEX report_round_state ON report_round (state, due_on);
-- 一个单位在一轮里的报送. Instants are facts; whether it was late follows from them and the round's day.
CREATE TABLE round_submission (
    round_id TEXT NOT NULL REFERENCES report_round (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    state TEXT NOT NULL,
    confirmed_by TEXT,
    confirmed_at BIGINT,
    submitted_by TEXT,
    submitted_at BIGINT,
    -- The first submission that the unit did not take back itself.
    counted_at BIGINT,
    decided_by TEXT,
    decided_at BIGINT,
    reason TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (round_id, organ_id)
);
CREATE INDEX round_submission_organ ON round_submission (organ_id, state, round_id);
CREATE INDEX round_submission_state ON round_submission (round_id, state, organ_id);
-- What a unit owes in a round, and the version of the report that its head confirmed.
CREATE TABLE round_row (
    round_id TEXT NOT NULL REFERENCES report_round (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    assignment_id TEXT NOT NULL REFERENCES assignment (id),
    report_id TEXT REFERENCES report (id),
    PRIMARY KEY (round_id, assignment_id)
);
CREATE INDEX round_row_organ ON round_row (round_id, organ_id);
