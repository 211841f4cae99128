-- The organ that a case was handed in to, by its name of that day, as the receipt gives it: 转办, a merger or a new name of the
-- organ change no receipt. Of cases from before, the first event knows the organ, by its present name.
ALTER TABLE request ADD COLUMN submitted_to TEXT NOT NULL DEFAULT '';
UPDATE request SET submitted_to = COALESCE(
    (
        SELECT o.name FROM event e JOIN organ o ON o.id = e.organ_id
        WHERE e.subject_kind = 'request' AND e.subject_id = request.id AND e.kind = 'request.begun'
        ORDER BY e.seq LIMIT 1
    ),
    (SELECT o.name FROM organ o WHERE o.id = request.organ_id)
);
