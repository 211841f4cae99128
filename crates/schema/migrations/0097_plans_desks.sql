-- Two offices that became one keep apart what each had begun to assess. A plan or paper that came by a merger keeps from whose
-- desk it came first (empty: its office's own), and a period of assessment that was there before one keeps the ids of the desks
-- that it is about, with a space between (empty: all that its office has).
ALTER TABLE plan ADD COLUMN desk_id TEXT REFERENCES organ (id);
ALTER TABLE supervision ADD COLUMN desk_id TEXT REFERENCES organ (id);
ALTER TABLE bulletin ADD COLUMN desk_id TEXT REFERENCES organ (id);
ALTER TABLE practice ADD COLUMN desk_id TEXT REFERENCES organ (id);
ALTER TABLE score_period ADD COLUMN desks TEXT;
