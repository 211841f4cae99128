-- When the word to the public was given: the day of a correction or a withdrawal.
ALTER TABLE document ADD COLUMN explained_at BIGINT;
-- The chain of events knows when the words that stand there now were given.
UPDATE document SET explained_at = (
    SELECT MAX(event.at) FROM event
    WHERE event.subject_kind = 'document' AND event.subject_id = document.id
        AND event.kind IN ('document.published', 'document.withdrawn')
) WHERE explanation <> '';
