-- Each government counts its own issues: a county's first stands beside the city's. The key over year and number alone
-- cannot be dropped on SQLite, so the tables are made anew. Addresses that were given out stay.
DROP INDEX gazette_issue_owner;
DROP INDEX gazette_issue_public;
DROP INDEX gazette_item_issue;
DROP INDEX gazette_item_document;
DROP INDEX gazette_erratum_issue;
DROP INDEX gazette_erratum_item;
DROP INDEX gazette_erratum_printed;
ALTER TABLE gazette_issue RENAME TO gazette_issue_before;
ALTER TABLE gazette_item RENAME TO gazette_item_before;
ALTER TABLE gazette_erratum RENAME TO gazette_erratum_before;

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
    -- What follows /gazette/ in its public address.
    address TEXT NOT NULL UNIQUE,
    UNIQUE (organ_id, year, number),
    -- Who proposed it does not issue it.
    CHECK (issued_by IS NULL OR issued_by <> proposed_by)
);
INSERT INTO gazette_issue (id, owner_id, organ_id, year, number, total, dated_on, state, sections, remark, proposed_by, proposed_name, issued_by, issued_name, issued_at, seal, version, created_at, address)
SELECT id, owner_id, organ_id, year, number, total, dated_on, state, sections, remark, proposed_by, proposed_name, issued_by, issued_name, issued_at, seal, version, created_at, CAST(year AS TEXT) || '/' || CAST(number AS TEXT)
FROM gazette_issue_before;
CREATE INDEX gazette_issue_owner ON gazette_issue (owner_id, year, number);
CREATE INDEX gazette_issue_public ON gazette_issue (state, year, number, id);

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
INSERT INTO gazette_item (id, issue_id, section, position, document_id, edition_id, hash, page)
SELECT id, issue_id, section, position, document_id, edition_id, hash, page FROM gazette_item_before;
CREATE INDEX gazette_item_issue ON gazette_item (issue_id, position, id);
CREATE INDEX gazette_item_document ON gazette_item (document_id, issue_id);

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
INSERT INTO gazette_erratum (id, issue_id, item_id, dated_on, wrong, correct, recorded_by, covers, printed_id, created_at)
SELECT id, issue_id, item_id, dated_on, wrong, correct, recorded_by, covers, printed_id, created_at FROM gazette_erratum_before;
CREATE INDEX gazette_erratum_issue ON gazette_erratum (issue_id, dated_on, id);
CREATE INDEX gazette_erratum_item ON gazette_erratum (item_id, dated_on, id);
CREATE INDEX gazette_erratum_printed ON gazette_erratum (printed_id, id);

DROP TABLE gazette_erratum_before;
DROP TABLE gazette_item_before;
DROP TABLE gazette_issue_before;
