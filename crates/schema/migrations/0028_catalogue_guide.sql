-- 政府信息公开指南: one guide for each organ, as it is being written and as the public reads it; and its editions.
CREATE TABLE guide (
    organ_id TEXT PRIMARY KEY REFERENCES organ (id),
    state TEXT NOT NULL,
    -- JSON: fields and their texts, as they are being written.
    words TEXT NOT NULL,
    -- Why this text is written: the reason of the edition to be.
    why TEXT NOT NULL,
    -- Why it came back; empty otherwise.
    returned_why TEXT NOT NULL,
    -- The account that wrote it last, and the name.
    writer TEXT NOT NULL,
    written_by TEXT NOT NULL,
    -- The edition that is public; NULL until the first.
    edition BIGINT,
    -- When somebody last said that the public edition still holds.
    confirmed_on TEXT,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX guide_state ON guide (state, organ_id);
CREATE INDEX guide_confirmed ON guide (confirmed_on, organ_id);

-- What the public read from a day on.
CREATE TABLE guide_edition (
    organ_id TEXT NOT NULL REFERENCES guide (organ_id),
    number BIGINT NOT NULL,
    words TEXT NOT NULL,
    why TEXT NOT NULL,
    written_by TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    published_on TEXT NOT NULL,
    PRIMARY KEY (organ_id, number)
);
