-- 表格填报: a sheet that a unit filled in elsewhere and sent back; its rows as they were read.
CREATE TABLE filled_sheet (
    file_id TEXT PRIMARY KEY REFERENCES file (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    content TEXT NOT NULL,
    applied TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX filled_sheet_account ON filled_sheet (account_id, created_at);
