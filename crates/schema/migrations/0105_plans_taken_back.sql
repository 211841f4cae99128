-- Plans: open parts without a report in force that somebody worked on. Among them are those whose reports were taken back,
-- which the weeks of a plan leave out; in most plans there are none. An import writes nothing here: its parts have version 1.
CREATE INDEX assignment_taken_back ON assignment (plan_id, state, id) WHERE report_id IS NULL AND version > 1;
