-- Plans: lists are narrowed and ordered by the day that is next due, as lights go by it; of what is done, by the stated day.
DROP INDEX assignment_due;
CREATE INDEX assignment_due ON assignment (plan_id, state, (COALESCE(CASE WHEN finished = 1 THEN due_on ELSE COALESCE(next_due_on, due_on) END, '9999-12-31')), position, task_id, organ_id);
DROP INDEX task_due;
CREATE INDEX task_due ON task (plan_id, state, (COALESCE(next_due_on, due_on, '9999-12-31')), position, id);
