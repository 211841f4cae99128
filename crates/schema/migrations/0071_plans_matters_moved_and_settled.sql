-- 回头看事项: which part of last year's ledger owes the matter now; the heir's, where the organ was merged since.
ALTER TABLE carried ADD COLUMN part_id TEXT REFERENCES assignment (id);
-- What a matter was before a later year's row closed, waived or reopened it: an import that is undone gives it back.
ALTER TABLE carried ADD COLUMN settled_state TEXT;
ALTER TABLE carried ADD COLUMN settled_note TEXT;
-- Of a merged organ's matter it is the part that whoever has the matter now has in the same task.
UPDATE carried SET part_id = COALESCE(
    (SELECT h.id FROM assignment a JOIN assignment h ON h.task_id = a.task_id
     WHERE a.id = carried.old_assignment_id AND a.state = 'transferred' AND h.organ_id = carried.organ_id AND h.state = 'open'),
    old_assignment_id);
-- What it was before is not kept of older rows: what a unit had said of it tells.
UPDATE carried SET settled_state = CASE WHEN reported_on IS NULL THEN 'open' ELSE 'working' END
    WHERE state IN ('closed', 'waived') AND EXISTS (
        SELECT 1 FROM carried n JOIN plan q ON q.id = n.plan_id
        WHERE n.old_task_id = carried.old_task_id AND n.old_assignment_id = carried.old_assignment_id
        AND q.year > (SELECT p.year FROM plan p WHERE p.id = carried.plan_id));
