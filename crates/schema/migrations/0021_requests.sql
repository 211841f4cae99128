-- 依申请公开: cases, their history, whom the organ asked, numbers, keys.
CREATE TABLE request (
    id TEXT PRIMARY KEY,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    number TEXT NOT NULL UNIQUE,
    other_number TEXT NOT NULL,
    -- The form that was handed out: a second submission of it is the same case.
    form_token TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    applicant_kind TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    paper TEXT NOT NULL,
    paper_number TEXT NOT NULL,
    head TEXT NOT NULL,
    contact TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    -- Tells repeat applicants without spelling out who they are.
    applicant_key TEXT NOT NULL,
    subject TEXT NOT NULL,
    description TEXT NOT NULL,
    form TEXT NOT NULL,
    way TEXT NOT NULL,
    waiver TEXT NOT NULL,
    submitted_on TEXT,
    signed_on TEXT,
    confirmed_on TEXT,
    set_on TEXT,
    set_why TEXT,
    received_on TEXT,
    -- What the clock said when it was last computed; empty while it stands still or cannot be told.
    due_on TEXT,
    handler_id TEXT,
    handler_name TEXT,
    decision TEXT,
    reply TEXT,
    -- The leaf row of the annual report's table.
    result_row TEXT,
    replied_on TEXT,
    closed_on TEXT,
    -- Opened by its desk for the first time.
    opened_at BIGINT,
    version BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL
);
CREATE INDEX request_organ ON request (organ_id, state, due_on);
CREATE INDEX request_due ON request (state, due_on);
CREATE INDEX request_received ON request (organ_id, received_on);
CREATE INDEX request_newest ON request (submitted_at, id);
CREATE INDEX request_applicant ON request (applicant_key, submitted_at);
CREATE INDEX request_closed ON request (organ_id, closed_on, result_row);

-- What happened to a case, in order; the clock is replayed from here.
CREATE TABLE request_entry (
    request_id TEXT NOT NULL REFERENCES request (id),
    position BIGINT NOT NULL,
    act TEXT,
    on_day TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    account_id TEXT,
    sentence TEXT NOT NULL,
    public TEXT NOT NULL,
    data TEXT NOT NULL,
    clock TEXT NOT NULL,
    PRIMARY KEY (request_id, position)
);

-- 征求意见、协办
CREATE TABLE request_consultation (
    id TEXT PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES request (id),
    asked TEXT NOT NULL,
    name TEXT NOT NULL,
    organ_id TEXT REFERENCES organ (id),
    question TEXT NOT NULL,
    sent_on TEXT NOT NULL,
    got_on TEXT,
    due_on TEXT,
    answered_on TEXT,
    opinion TEXT,
    words TEXT NOT NULL
);
CREATE INDEX request_consultation_request ON request_consultation (request_id, sent_on);
CREATE INDEX request_consultation_organ ON request_consultation (organ_id, answered_on, due_on);

-- The last number given out in a year.
CREATE TABLE request_serial (
    year BIGINT PRIMARY KEY,
    last BIGINT NOT NULL
);

-- The secret behind query codes and the seed of the key that signs receipts.
CREATE TABLE request_key (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Wrong query codes of the last while, by the hash of the address they came from.
CREATE TABLE request_guess (
    address TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX request_guess_at ON request_guess (address, at);
