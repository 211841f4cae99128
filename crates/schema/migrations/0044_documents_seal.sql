-- What review sealed beside a text: each of its attachments by name and by hash or address. Only these go out with it.
CREATE TABLE edition_seal (
    edition_id TEXT PRIMARY KEY REFERENCES edition (id),
    -- Over the text's own seal and the files below.
    seal TEXT NOT NULL,
    sealed_at BIGINT NOT NULL
);
CREATE TABLE sealed_file (
    edition_id TEXT NOT NULL REFERENCES edition (id),
    attachment_id TEXT NOT NULL,
    title TEXT NOT NULL,
    -- SHA-256 of a file's bytes, or an address.
    content TEXT NOT NULL,
    PRIMARY KEY (edition_id, attachment_id)
);
-- What went to review before keeps its files as they stand now, without a seal over both.
INSERT INTO edition_seal (edition_id, seal, sealed_at)
SELECT DISTINCT edition_id, '', 0 FROM review_step;
INSERT INTO sealed_file (edition_id, attachment_id, title, content)
SELECT e.edition_id, a.id, a.title, COALESCE(f.sha256, a.url, '')
FROM edition_file e JOIN attachment a ON a.id = e.attachment_id LEFT JOIN file f ON f.id = a.file_id
WHERE e.edition_id IN (SELECT edition_id FROM edition_seal);
