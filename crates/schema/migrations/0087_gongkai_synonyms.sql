-- 同义词、简称: what the office says means the same, beside the built-in list.
CREATE TABLE search_synonym (
    id TEXT PRIMARY KEY,
    -- As shown, parted by spaces; a word has none inside.
    words TEXT NOT NULL,
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
