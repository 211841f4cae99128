-- When and as what an earlier year's report counted a case that is done again: no later report counts it a second time.
ALTER TABLE request ADD COLUMN counted_on TEXT;
ALTER TABLE request ADD COLUMN counted_row TEXT;
