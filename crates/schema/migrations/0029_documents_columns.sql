-- 重点领域专栏: what a column must hold and how often it is renewed; documents stand in it by reference, never as copies.
CREATE TABLE site_column (
    id TEXT PRIMARY KEY,
    -- The unit that keeps it.
    organ_id TEXT NOT NULL REFERENCES organ (id),
    -- Its public address: /columns/{slug}
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    -- JSON: names of what it must hold, in their order.
    elements TEXT NOT NULL,
    rhythm TEXT NOT NULL,
    -- Days, where the rhythm is one of its own.
    days BIGINT,
    position BIGINT NOT NULL,
    opened_on TEXT NOT NULL,
    -- Why it was closed; it keeps its address and says so.
    closed_why TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX site_column_organ ON site_column (organ_id, position, id);
CREATE INDEX site_column_position ON site_column (position, id);

-- A document in a column; the element that it fills, empty for none.
CREATE TABLE column_document (
    column_id TEXT NOT NULL REFERENCES site_column (id),
    document_id TEXT NOT NULL REFERENCES document (id),
    element TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (column_id, document_id)
);
CREATE INDEX column_document_document ON column_document (document_id, column_id);
