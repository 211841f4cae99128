-- The attachments that go with an edition: what is attached to a correction is seen when the correction is.
CREATE TABLE edition_file (
    edition_id TEXT NOT NULL REFERENCES edition (id),
    attachment_id TEXT NOT NULL,
    PRIMARY KEY (edition_id, attachment_id)
);
INSERT INTO edition_file (edition_id, attachment_id)
SELECT d.edition_id, a.id FROM document d JOIN attachment a ON a.subject_kind = 'document' AND a.subject_id = d.id;
-- Of what is public, those that came before the text that is not public yet.
INSERT INTO edition_file (edition_id, attachment_id)
SELECT d.published_id, a.id FROM document d JOIN attachment a ON a.subject_kind = 'document' AND a.subject_id = d.id
WHERE d.published_id IS NOT NULL AND d.published_id <> d.edition_id AND a.created_at < (
    SELECT MIN(e.created_at) FROM edition e JOIN edition p ON p.id = d.published_id
    WHERE e.document_id = d.id AND e.number > p.number
);
