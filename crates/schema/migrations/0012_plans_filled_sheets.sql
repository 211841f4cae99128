-- 表格填报: a sheet that a unit filled in elsewhere and sent back; its rows as they were read, and what was made of them.
CREATE TABLE filled_sheet (
    file_id TEXT PRIMARY KEY REFERENCES file (id),
    account_id TEXT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    made TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX filled_sheet_account ON filled_sheet (account_id, created_at);
