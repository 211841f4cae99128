-- 更正稿报批: which changes a person proposes to take over from a correction and why, and what the head of the office said.
ALTER TABLE import_draft ADD COLUMN chosen TEXT;
ALTER TABLE import_draft ADD COLUMN reason TEXT;
ALTER TABLE import_draft ADD COLUMN proposed_by TEXT;
ALTER TABLE import_draft ADD COLUMN proposer_name TEXT;
ALTER TABLE import_draft ADD COLUMN proposed_at BIGINT;
ALTER TABLE import_draft ADD COLUMN decided_by TEXT;
ALTER TABLE import_draft ADD COLUMN decider_name TEXT;
ALTER TABLE import_draft ADD COLUMN decided_at BIGINT;
ALTER TABLE import_draft ADD COLUMN decision_note TEXT;
