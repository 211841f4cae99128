-- 显示的列: what a person sees of a list that has no views under names of its own.
CREATE TABLE list_columns (
    account_id TEXT NOT NULL REFERENCES account (id),
    list TEXT NOT NULL,
    -- Codes of the list's columns, parted by commas.
    columns TEXT NOT NULL,
    PRIMARY KEY (account_id, list)
);
