-- What a report turned, so that a plan's weeks are counted from one index: 1 when it says done and the version before did
-- not, -1 the other way round, 0 otherwise; and the plan that the part belongs to.
ALTER TABLE report ADD COLUMN plan_id TEXT;
ALTER TABLE report ADD COLUMN turned BIGINT;
UPDATE report SET
    plan_id = (SELECT a.plan_id FROM assignment a WHERE a.id = report.assignment_id),
    turned = (CASE WHEN outcome = 'done' THEN 1 ELSE 0 END)
        - (SELECT COUNT(*) FROM report b WHERE b.assignment_id = report.assignment_id
           AND b.sequence = report.sequence - 1 AND b.outcome = 'done');
CREATE INDEX report_turn ON report (plan_id, created_at, turned);
