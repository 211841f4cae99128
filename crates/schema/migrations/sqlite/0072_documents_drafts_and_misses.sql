-- A draft that nobody goes on with is put aside with a reason; it may be taken back until its files go.
ALTER TABLE document ADD COLUMN discarded_at BIGINT;
ALTER TABLE document ADD COLUMN discarded_why TEXT;
ALTER TABLE document ADD COLUMN emptied_at BIGINT;
CREATE INDEX document_discarded ON document (discarded_at) WHERE discarded_at IS NOT NULL;

-- What is not open is looked at again on this day (政府信息公开条例 art. 18).
ALTER TABLE document ADD COLUMN review_on TEXT;
CREATE INDEX document_review ON document (review_on) WHERE review_on IS NOT NULL;
UPDATE document SET review_on = (
    SELECT COALESCE(json_extract(e.head, '$.review_on'), date(e.created_at / 1000, 'unixepoch', '+8 hours', '+12 months'))
    FROM edition e WHERE e.id = document.edition_id AND json_extract(e.head, '$.openness') IN ('on_request', 'closed')
);

-- 没有找到的词: on which site (the main site is the empty one), and how many of them found at least some of the words.
ALTER TABLE search_miss RENAME TO search_miss_before;
CREATE TABLE search_miss (
    looked_on TEXT NOT NULL,
    site TEXT NOT NULL,
    words TEXT NOT NULL,
    n BIGINT NOT NULL,
    partly BIGINT NOT NULL,
    PRIMARY KEY (looked_on, site, words)
);
INSERT INTO search_miss (looked_on, site, words, n, partly) SELECT looked_on, '', words, n, 0 FROM search_miss_before;
DROP TABLE search_miss_before;
