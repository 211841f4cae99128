-- Nobody decides about the own: by the account, as names are shared and change. Empty of what was done before.
ALTER TABLE score_appeal ADD COLUMN appealed_by_id TEXT;
ALTER TABLE bulletin_part ADD COLUMN replied_by_id TEXT;
ALTER TABLE carried ADD COLUMN reported_by_id TEXT;
-- The last day with which a round was opened, where it was moved since: its reminders begin anew.
ALTER TABLE report_round ADD COLUMN first_due_on TEXT;
