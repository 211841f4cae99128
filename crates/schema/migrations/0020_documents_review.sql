-- 三审三校: the steps of a text on its way out.
CREATE TABLE review_step (
    id TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id),
    position BIGINT NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    due_on TEXT,
    by_id TEXT,
    by_name TEXT,
    -- Codes parted by commas.
    gates TEXT NOT NULL,
    remark TEXT NOT NULL,
    done_at BIGINT,
    version BIGINT NOT NULL,
    UNIQUE (edition_id, position)
);
CREATE INDEX review_step_open ON review_step (state, step, edition_id);

-- One person has one duty on one text; the database itself refuses a second.
CREATE TABLE review_person (
    edition_id TEXT NOT NULL REFERENCES edition (id),
    account_id TEXT NOT NULL,
    duty TEXT NOT NULL,
    PRIMARY KEY (edition_id, account_id)
);
