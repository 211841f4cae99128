-- Plans: an import writes each index of `assignment` forty thousand times; these are answered by others.

-- By role: along the plan's order (assignment_order), which holds the role.
DROP INDEX assignment_role;
-- By an organ's due date: assignment_own.
DROP INDEX assignment_organ;
-- What a task's organs reported, and under which names it was given to them.
DROP INDEX assignment_task;
DROP INDEX assignment_named;
CREATE INDEX assignment_named ON assignment (task_id, state, role, named_as, organ_id, report_id);
