-- 特定范围公示: whoever has its address reads it until its last day; it stands in no list. 1 for such a notice.
ALTER TABLE document ADD COLUMN limited BIGINT NOT NULL DEFAULT 0;

-- The day up to which it was told what a day alone changes; one row.
CREATE TABLE document_days (
    id TEXT PRIMARY KEY,
    looked_on TEXT NOT NULL
);
