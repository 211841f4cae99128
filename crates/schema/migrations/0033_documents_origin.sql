-- 旧站迁入: where a document came from that an older site had published. One source is taken once.
CREATE TABLE document_origin (
    document_id TEXT PRIMARY KEY REFERENCES document (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    -- The file's path inside the folder that was taken in.
    source TEXT NOT NULL,
    address TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    UNIQUE (organ_id, source)
);
