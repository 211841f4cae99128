-- 保存的查找: words that a person looks for again at work, under a name of their own. Nobody else sees them.
CREATE TABLE saved_search (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    words TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (account_id, name)
);
