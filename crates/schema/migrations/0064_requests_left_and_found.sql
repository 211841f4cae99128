-- 转办: which organ a case left, when and to whom, so that its old desk still finds it.
CREATE TABLE request_left (
    request_id TEXT NOT NULL REFERENCES request (id),
    -- The line of the history that is the transfer.
    position BIGINT NOT NULL,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    to_id TEXT NOT NULL REFERENCES organ (id),
    left_on TEXT NOT NULL,
    PRIMARY KEY (request_id, position)
);
CREATE INDEX request_left_organ ON request_left (organ_id, left_on);
-- Of transfers from before, the audit chain knows the organ: each event names the one that had the case after it.
INSERT INTO request_left (request_id, position, organ_id, to_id, left_on)
SELECT e.request_id, e.position, b.organ_id, t.organ_id, e.on_day
FROM request_entry e
JOIN event t ON t.subject_kind = 'request' AND t.subject_id = e.request_id AND t.kind = 'request.transferred' AND t.at = e.at
JOIN event b ON b.subject_kind = 'request' AND b.subject_id = e.request_id AND b.seq = (
    SELECT MAX(x.seq) FROM event x
    WHERE x.subject_kind = 'request' AND x.subject_id = e.request_id AND x.seq < t.seq AND x.organ_id IS NOT NULL
)
WHERE e.act = 'transfer' AND b.organ_id <> t.organ_id;

-- Number, applicant and subject as a search compares them: of one width and case. Empty until a job has come to a case.
ALTER TABLE request ADD COLUMN found_by TEXT NOT NULL DEFAULT '';
INSERT INTO request_unworded (request_id)
SELECT r.id FROM request r WHERE NOT EXISTS (SELECT 1 FROM request_unworded u WHERE u.request_id = r.id);

-- A case that is handed in has neither reply nor archive yet: it need not stand in their indexes.
DROP INDEX request_closed;
CREATE INDEX request_closed ON request (organ_id, closed_on, result_row) WHERE closed_on IS NOT NULL;
DROP INDEX request_archived;
CREATE INDEX request_archived ON request (organ_id, archived_on) WHERE archived_on IS NOT NULL;
DROP INDEX request_erased;
CREATE INDEX request_erased ON request (organ_id, archived_on) WHERE erased_on IS NOT NULL OR identity_erased_on IS NOT NULL;
DROP INDEX request_replied;
CREATE INDEX request_replied ON request (result_row, replied_on) WHERE result_row IS NOT NULL;
