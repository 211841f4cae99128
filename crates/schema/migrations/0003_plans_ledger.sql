-- What the ledger's pages narrow and order by: facts of reports, dates and places in the plan, kept beside the rows so
-- that a page reads one index range however large a plan grows. Lights are still computed, from these facts and today.
ALTER TABLE task ADD COLUMN finished BIGINT NOT NULL DEFAULT 0;
-- The earliest date among the assignments that decide the task's light and are not done.
ALTER TABLE task ADD COLUMN next_due_on TEXT;
-- The task's place in the plan.
ALTER TABLE assignment ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
-- The report in force says done.
ALTER TABLE assignment ADD COLUMN finished BIGINT NOT NULL DEFAULT 0;
-- Evidence that was not withdrawn.
ALTER TABLE assignment ADD COLUMN evidence_count BIGINT NOT NULL DEFAULT 0;
UPDATE assignment SET position = (SELECT t.position FROM task t WHERE t.id = assignment.task_id);

CREATE INDEX task_standing ON task (plan_id, state, finished, next_due_on);
CREATE INDEX task_section ON task (plan_id, state, section, position);
CREATE INDEX assignment_order ON assignment (plan_id, state, position, task_id, organ_id, role);
CREATE INDEX assignment_unit ON assignment (plan_id, state, organ_id, position, task_id);
CREATE INDEX assignment_standing ON assignment (plan_id, state, finished, (COALESCE(due_on, '9999-12-31')), position, task_id, organ_id, role);
CREATE INDEX assignment_due ON assignment (plan_id, state, (COALESCE(due_on, '9999-12-31')), position, task_id, organ_id);
CREATE INDEX assignment_report ON assignment (plan_id, state, report_id, position, task_id, organ_id, role);
CREATE INDEX assignment_task ON assignment (task_id, state, role, report_id);
CREATE INDEX assignment_role ON assignment (plan_id, state, role, position, task_id, organ_id);
DROP INDEX assignment_plan;

-- Why a report says done although nothing proves it.
ALTER TABLE report ADD COLUMN no_evidence_why TEXT;

-- Which tasks a change touches; a change to many tasks is one row and one event.
CREATE TABLE task_change_part (
    change_id TEXT NOT NULL REFERENCES task_change (id),
    task_id TEXT NOT NULL,
    PRIMARY KEY (change_id, task_id)
);
CREATE INDEX task_change_part_task ON task_change_part (task_id);
ALTER TABLE task_change ADD COLUMN undone_at BIGINT;
ALTER TABLE task_change ADD COLUMN undoer_name TEXT;
ALTER TABLE task_change ADD COLUMN undone_why TEXT;

-- What the portal's lists show, so that they read snapshots only and no snapshot whole.
ALTER TABLE plan_snapshot ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_snapshot ADD COLUMN document_number TEXT;
ALTER TABLE plan_snapshot ADD COLUMN year BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plan_snapshot ADD COLUMN publisher_name TEXT NOT NULL DEFAULT '';
