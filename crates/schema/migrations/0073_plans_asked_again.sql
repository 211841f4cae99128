-- What was sent back has a day of its own: the one by which it is due again while it lies with the unit, and the first such
-- day that was missed. Of what was sent back before there is none.
ALTER TABLE supervision ADD COLUMN again_due_on TEXT;
ALTER TABLE supervision ADD COLUMN missed_on TEXT;
ALTER TABLE bulletin_part ADD COLUMN again_due_on TEXT;
ALTER TABLE bulletin_part ADD COLUMN missed_on TEXT;
-- Nobody decides about the own: by the account, as names are shared and change. Empty of what was done before.
ALTER TABLE supervision_reply ADD COLUMN replied_by_id TEXT;
ALTER TABLE round_submission ADD COLUMN submitted_by_id TEXT;
