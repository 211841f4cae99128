-- 依申请公开: archive packages of closed cases.

-- The package of a closed case: its file, and the hash of the list of hashes inside.
CREATE TABLE request_package (
    request_id TEXT PRIMARY KEY REFERENCES request (id),
    file_id TEXT NOT NULL REFERENCES file (id),
    list_sha256 TEXT NOT NULL,
    files BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    made_by TEXT NOT NULL
);
