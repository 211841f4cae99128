-- 答复文书, 文书设置, 行政复议和行政诉讼: letters of a request, what an organ's letters carry, reviews and suits.

-- What each organ's letters carry; an organ without a row uses the defaults.
CREATE TABLE letter_profile (
    organ_id TEXT PRIMARY KEY REFERENCES organ (id),
    pattern TEXT NOT NULL,
    review_body TEXT NOT NULL,
    review_address TEXT NOT NULL,
    review_online TEXT NOT NULL,
    court TEXT NOT NULL,
    contact TEXT NOT NULL,
    phone TEXT NOT NULL,
    account TEXT NOT NULL,
    face_title TEXT NOT NULL,
    face_heading TEXT NOT NULL,
    face_subheading TEXT NOT NULL,
    face_body TEXT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE letter (
    id TEXT PRIMARY KEY,
    -- Empty for a letter without a case.
    case_id TEXT NOT NULL,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    -- What was typed, by blank: a JSON object of texts.
    facts TEXT NOT NULL,
    -- 1 where it is served over the internet.
    online BIGINT NOT NULL,
    number TEXT,
    year BIGINT,
    n BIGINT,
    issued_on TEXT,
    drafted_by TEXT NOT NULL,
    drafter_id TEXT,
    checked_by TEXT,
    note TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX letter_number ON letter (organ_id, year, n);
CREATE INDEX letter_list ON letter (organ_id, state, updated_at);
CREATE INDEX letter_case ON letter (case_id, created_at);

-- 行政复议、行政诉讼 about a reply.
CREATE TABLE remedy (
    id TEXT PRIMARY KEY,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    case_id TEXT NOT NULL,
    -- The letter that is challenged.
    letter_id TEXT REFERENCES letter (id),
    kind TEXT NOT NULL,
    -- The review that a suit after reconsideration follows.
    after_id TEXT REFERENCES remedy (id),
    case_number TEXT NOT NULL,
    applicant TEXT NOT NULL,
    body TEXT NOT NULL,
    matter TEXT NOT NULL,
    -- When the reply reached the applicant; empty for silence past the limit.
    served_on TEXT,
    filed_on TEXT NOT NULL,
    -- When the organ received the copy, from which its own answer runs.
    copy_on TEXT,
    procedure TEXT NOT NULL,
    answered_on TEXT,
    outcome TEXT,
    decided_on TEXT,
    -- When the decision reached the applicant.
    decision_on TEXT,
    reason TEXT NOT NULL,
    -- What must be done otherwise; shown beside letters of the same kind.
    lesson TEXT NOT NULL,
    lesson_kind TEXT NOT NULL,
    removed_why TEXT,
    recorded_by TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX remedy_organ ON remedy (organ_id, filed_on);
CREATE INDEX remedy_case ON remedy (case_id, filed_on);
CREATE INDEX remedy_open ON remedy (outcome, filed_on);
CREATE INDEX remedy_lesson ON remedy (lesson_kind, decided_on);
