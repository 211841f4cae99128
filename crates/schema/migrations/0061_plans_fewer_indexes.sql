-- Plans: an import writes each index of `assignment` forty thousand times; five of them are answered by two.

-- In the plan's order: also what never reported, and what is not in a round.
DROP INDEX assignment_silent;
DROP INDEX assignment_part;
DROP INDEX assignment_order;
CREATE INDEX assignment_order ON assignment (plan_id, state, position, task_id, organ_id, role, report_id);
-- By unit: also the roll-up, from the index alone.
DROP INDEX assignment_rollup;
DROP INDEX assignment_unit;
CREATE INDEX assignment_unit ON assignment (plan_id, state, organ_id, position, task_id, role, finished, next_due_on, report_id, reopened, id);
