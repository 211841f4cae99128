-- 政府公报: issues, what stands in them, and what was corrected later.
CREATE TABLE gazette_issue (
    id TEXT PRIMARY KEY,
    -- Who makes it, and the government whose gazette it is.
    owner_id TEXT NOT NULL REFERENCES organ (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    year BIGINT NOT NULL,
    -- 第几期, and 总第几期.
    number BIGINT NOT NULL,
    total BIGINT NOT NULL,
    dated_on TEXT NOT NULL,
    state TEXT NOT NULL,
    -- JSON: names of the sections, in their order.
    sections TEXT NOT NULL,
    remark TEXT NOT NULL,
    proposed_by TEXT,
    proposed_name TEXT,
    issued_by TEXT,
    issued_name TEXT,
    issued_at BIGINT,
    -- SHA-256 over all that it holds; set when it is issued.
    seal TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- A site has one gazette; its public address is year and number.
    UNIQUE (year, number),
    -- Who proposed it does not issue it.
    CHECK (issued_by IS NULL OR issued_by <> proposed_by)
);
CREATE INDEX gazette_issue_owner ON gazette_issue (owner_id, year, number);
CREATE INDEX gazette_issue_public ON gazette_issue (state, year, number, id);

-- One text of an issue: exactly this edition.
CREATE TABLE gazette_item (
    id TEXT PRIMARY KEY,
    issue_id TEXT NOT NULL REFERENCES gazette_issue (id),
    section TEXT NOT NULL,
    position BIGINT NOT NULL,
    document_id TEXT NOT NULL REFERENCES document (id),
    edition_id TEXT NOT NULL REFERENCES edition (id),
    hash TEXT NOT NULL,
    -- In the printed issue; set when it is issued, where a printer is wired.
    page BIGINT,
    UNIQUE (issue_id, document_id)
);
CREATE INDEX gazette_item_issue ON gazette_item (issue_id, position, id);
CREATE INDEX gazette_item_document ON gazette_item (document_id, issue_id);

-- 勘误: dated, shown at the item, and printed in the next issue.
CREATE TABLE gazette_erratum (
    id TEXT PRIMARY KEY,
    issue_id TEXT NOT NULL REFERENCES gazette_issue (id),
    item_id TEXT NOT NULL REFERENCES gazette_item (id),
    dated_on TEXT NOT NULL,
    wrong TEXT NOT NULL,
    correct TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    -- The seal of the website's text that it brings the issue into line with.
    covers TEXT NOT NULL,
    -- The issue that printed it.
    printed_id TEXT REFERENCES gazette_issue (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX gazette_erratum_issue ON gazette_erratum (issue_id, dated_on, id);
CREATE INDEX gazette_erratum_item ON gazette_erratum (item_id, dated_on, id);
CREATE INDEX gazette_erratum_printed ON gazette_erratum (printed_id, id);
