-- 文: a document, who works on it, who publishes it, and where it stands.
CREATE TABLE document (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES organ (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    kind TEXT NOT NULL,
    -- Of the newest edition.
    state TEXT NOT NULL,
    visibility TEXT NOT NULL,
    index_number TEXT NOT NULL,
    -- The newest edition, and what the public reads.
    edition_id TEXT NOT NULL,
    published_id TEXT,
    published_at BIGINT,
    publish_at BIGINT,
    explanation TEXT NOT NULL,
    -- Of the newest edition while nothing is published, else of the published one: for lists.
    title TEXT NOT NULL,
    number TEXT NOT NULL,
    theme TEXT NOT NULL,
    issued_on TEXT,
    effective_on TEXT,
    expires_on TEXT,
    shown_until TEXT,
    -- The document that this one interprets.
    interprets TEXT,
    -- The year of the list: of 成文日期, else of publication.
    year BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX document_owner ON document (owner_id, state, id);
CREATE INDEX document_public ON document (visibility, kind, year, published_at, id);
CREATE INDEX document_newest ON document (visibility, published_at, id);
CREATE INDEX document_organ ON document (organ_id, visibility, published_at);
CREATE INDEX document_interprets ON document (interprets, visibility);
CREATE INDEX document_due ON document (publish_at) WHERE publish_at IS NOT NULL;
CREATE INDEX document_expiry ON document (visibility, expires_on);

-- 稿次: never changed. The hash is over head and text.
CREATE TABLE edition (
    id TEXT PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES document (id),
    number BIGINT NOT NULL,
    -- JSON
    head TEXT NOT NULL,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    author_id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (document_id, number)
);

-- The last 索引号 given in a year.
CREATE TABLE index_serial (
    organ_id TEXT NOT NULL REFERENCES organ (id),
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (organ_id, year)
);

-- 有效性 as events.
CREATE TABLE validity_event (
    id TEXT PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES document (id),
    change TEXT NOT NULL,
    happened_on TEXT NOT NULL,
    basis TEXT NOT NULL,
    until_on TEXT,
    recorded_by TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX validity_event_document ON validity_event (document_id, happened_on, id);
