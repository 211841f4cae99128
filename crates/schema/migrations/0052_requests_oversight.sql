-- What the check before dispatch held a letter back for, last: the places' names; kept after it was mended.
ALTER TABLE letter ADD COLUMN held TEXT NOT NULL DEFAULT '';
ALTER TABLE letter ADD COLUMN held_on TEXT;
CREATE INDEX letter_held ON letter (held_on, organ_id) WHERE held_on IS NOT NULL;
-- 补正告知书 of a year, without reading every history.
CREATE INDEX request_entry_supplement ON request_entry (on_day, request_id) WHERE act = 'ask_supplement';
