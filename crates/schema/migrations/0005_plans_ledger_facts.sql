-- More facts that lists narrow by, kept beside the task: how many organs have a part in it, and whether one that decides its
-- light has never reported.
ALTER TABLE task ADD COLUMN organs BIGINT NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN silent BIGINT NOT NULL DEFAULT 0;
UPDATE task SET
    organs = (SELECT COUNT(*) FROM assignment a WHERE a.task_id = task.id AND a.state = 'open'),
    silent = (SELECT COUNT(*) FROM (SELECT 1 FROM assignment a WHERE a.task_id = task.id AND a.state = 'open' AND a.role <> 'cooperate' AND a.report_id IS NULL LIMIT 1) AS one);
-- A task that no organ has is late by its own date.
UPDATE task SET next_due_on = due_on WHERE organs = 0;
CREATE INDEX task_silent ON task (plan_id, state, silent, position, id);
CREATE INDEX task_organs ON task (plan_id, state, organs, position, id);
-- A unit's own list, in its order.
CREATE INDEX assignment_own ON assignment (organ_id, state, finished, (COALESCE(due_on, '9999-12-31')), plan_id, position, id);
-- Never reported, of those that decide: a unit's and a plan's.
DROP INDEX assignment_report;
CREATE INDEX assignment_silent ON assignment (plan_id, state, position, task_id, organ_id) WHERE report_id IS NULL AND role <> 'cooperate';
