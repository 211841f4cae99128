-- Plans: whether a matter goes on in a later year, and whether a part was carried over already, is asked for each of tens of
-- thousands: by the part, no longer among all matters of its task.
DROP INDEX carried_old;
CREATE INDEX carried_old ON carried (old_task_id, old_assignment_id, plan_id);
CREATE INDEX carried_part ON carried (old_task_id, part_id, plan_id);
-- The rows of a unit in a round, from the index alone.
DROP INDEX round_row_organ;
CREATE INDEX round_row_organ ON round_row (round_id, organ_id, assignment_id);
-- What the lines of a ledger say of their units, from the index alone.
DROP INDEX assignment_named;
CREATE INDEX assignment_named ON assignment (task_id, state, role, named_as, organ_id, report_id, finished, evidence_count, decayed_count, id);
-- The weeks of a plan, and the reports of those of its parts that do not count, from one index.
DROP INDEX report_turn;
CREATE INDEX report_turn ON report (plan_id, assignment_id, created_at, turned);
