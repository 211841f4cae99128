-- What an office watched over stayed with it when it went into another, where nobody saw it any more: it is the heir's, and keeps
-- from whose desk it came first (empty: its office's own). What comes along here is the heir's own, as are the plans and papers of
-- mergers from before: none of them knows its desk. Twice, for offices that went on into a third one.
ALTER TABLE finding ADD COLUMN desk_id TEXT REFERENCES organ (id);
UPDATE finding SET office_id = (SELECT o.successor_id FROM organ o WHERE o.id = finding.office_id)
    WHERE office_id IN (SELECT m.id FROM organ m WHERE m.status = 'merged' AND m.successor_id IS NOT NULL);
UPDATE finding SET office_id = (SELECT o.successor_id FROM organ o WHERE o.id = finding.office_id)
    WHERE office_id IN (SELECT m.id FROM organ m WHERE m.status = 'merged' AND m.successor_id IS NOT NULL);
