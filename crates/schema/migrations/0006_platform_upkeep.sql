-- When each recurring job was last queued: the instant of its slot.
CREATE TABLE job_schedule (
    kind TEXT PRIMARY KEY,
    slot BIGINT NOT NULL
);
-- Files chosen in a form that was not accepted yet: kept for the person who chose them, so that they need not choose again.
CREATE TABLE pending_file (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX pending_file_age ON pending_file (created_at);
CREATE INDEX pending_file_sha256 ON pending_file (sha256);
CREATE INDEX file_sha256_name ON file (sha256, name);
CREATE INDEX job_over ON job (state, finished_at);
