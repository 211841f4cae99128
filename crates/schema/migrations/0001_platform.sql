-- The audit chain. `event_head` is the one row that says where the chain ends.
CREATE TABLE event (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    organ_id TEXT,
    sentence TEXT NOT NULL,
    data TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX event_subject ON event (subject_kind, subject_id, seq);
CREATE INDEX event_at ON event (at);
CREATE TABLE event_head (
    id BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO event_head (id, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- 机关. `path` is the ids from the root joined by '/', with a '/' at both ends, so that "below" is a prefix.
CREATE TABLE organ (
    id TEXT PRIMARY KEY,
    parent_id TEXT REFERENCES organ (id),
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    short_name TEXT,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    successor_id TEXT,
    position BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX organ_parent ON organ (parent_id, position);
CREATE TABLE organ_alias (
    organ_id TEXT NOT NULL REFERENCES organ (id),
    alias TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (organ_id, alias)
);
CREATE INDEX organ_alias_text ON organ_alias (alias);
-- 统称, such as 各县（市、区）政府: who belongs to it is a rule that the office sees and may change.
CREATE TABLE organ_collective (
    id TEXT PRIMARY KEY,
    root_id TEXT NOT NULL REFERENCES organ (id),
    name TEXT NOT NULL,
    rule TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (root_id, name)
);

-- 账号
CREATE TABLE account (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    contact TEXT,
    password_hash TEXT,
    totp_secret TEXT,
    totp_last_step BIGINT NOT NULL DEFAULT 0,
    failed_attempts BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT,
    disabled_at BIGINT,
    disabled_why TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE account_role (
    account_id TEXT NOT NULL REFERENCES account (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    role TEXT NOT NULL,
    -- 代理: the account for whom this one stands in, and until which day.
    deputy_for TEXT REFERENCES account (id),
    until_on TEXT,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, organ_id, role)
);
CREATE INDEX account_role_organ ON account_role (organ_id, role);
CREATE TABLE login_link (
    token_hash TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    purpose TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE TABLE session (
    id_hash TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT,
    agent TEXT
);
CREATE INDEX session_account ON session (account_id);

-- 后台作业
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    locked_until BIGINT,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    message TEXT,
    owner_id TEXT REFERENCES account (id),
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX job_due ON job (state, run_at);

-- 文件: bytes lie in the files folder under their hash.
CREATE TABLE file (
    id TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    organ_id TEXT REFERENCES organ (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX file_hash ON file (sha256);

-- 工作日历: notices imported after this version was built.
CREATE TABLE calendar_year (
    year BIGINT PRIMARY KEY,
    notice TEXT NOT NULL,
    imported_at BIGINT NOT NULL
);
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    version BIGINT NOT NULL
);
