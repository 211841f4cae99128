-- The day on which a part is next due: its date; for a measure without one the end of the plan's year; for one that the plan
-- asks for in each period, the end of the first period that lacks its evidence, which the nightly check brings up to date.
ALTER TABLE assignment ADD COLUMN next_due_on TEXT;
UPDATE assignment SET next_due_on = COALESCE(due_on, (SELECT CAST(p.year AS TEXT) || '-12-31' FROM plan p WHERE p.id = assignment.plan_id));
UPDATE task SET next_due_on = (SELECT CAST(p.year AS TEXT) || '-12-31' FROM plan p WHERE p.id = task.plan_id)
    WHERE next_due_on IS NULL AND finished = 0 AND reopened = 0;

DROP INDEX assignment_standing;
CREATE INDEX assignment_standing ON assignment (plan_id, state, finished, (COALESCE(next_due_on, '9999-12-31')), position, task_id, organ_id, role);
DROP INDEX assignment_own;
CREATE INDEX assignment_own ON assignment (organ_id, state, finished, (COALESCE(next_due_on, '9999-12-31')), plan_id, position, id);
DROP INDEX assignment_rollup;
CREATE INDEX assignment_rollup ON assignment (plan_id, state, organ_id, role, finished, next_due_on, report_id, reopened);
