-- 优秀案例: what a unit did well.
CREATE TABLE practice (
    id TEXT PRIMARY KEY,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    office_id TEXT NOT NULL REFERENCES organ (id),
    title TEXT NOT NULL,
    done_text TEXT NOT NULL,
    effect_text TEXT NOT NULL,
    state TEXT NOT NULL,
    submitted_by TEXT NOT NULL,
    submitted_on TEXT NOT NULL,
    note TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX practice_office ON practice (office_id, state, submitted_on);
CREATE INDEX practice_organ ON practice (organ_id, submitted_on);
CREATE INDEX practice_state ON practice (state, submitted_on);
-- 借鉴: another unit takes it up.
CREATE TABLE practice_borrowing (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practice (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    note TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    noted_on TEXT NOT NULL
);
CREATE INDEX practice_borrowing_practice ON practice_borrowing (practice_id);
