-- 定时发布: what a correction or an amendment says to the public when its hour comes. Of the edition that was set; the first
-- publication of a document says nothing and has no row.
CREATE TABLE edition_later (
    edition_id TEXT PRIMARY KEY REFERENCES edition (id),
    explanation TEXT NOT NULL,
    -- The first day of an amendment; empty for a correction.
    amends_from TEXT
);
