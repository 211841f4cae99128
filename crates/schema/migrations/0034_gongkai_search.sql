-- 检索: what people looked for and did not find, by day; and what the office recommends for a word.
CREATE TABLE search_miss (
    looked_on TEXT NOT NULL,
    words TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (looked_on, words)
);

CREATE TABLE search_pick (
    id TEXT PRIMARY KEY,
    -- As typed, parted by spaces.
    words TEXT NOT NULL,
    title TEXT NOT NULL,
    address TEXT NOT NULL,
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Folded; a word leads to one pick.
CREATE TABLE search_pick_word (
    word TEXT PRIMARY KEY,
    pick_id TEXT NOT NULL REFERENCES search_pick (id)
);
CREATE INDEX search_pick_word_pick ON search_pick_word (pick_id);
