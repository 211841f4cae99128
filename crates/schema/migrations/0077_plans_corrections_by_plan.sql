-- A plan's public page asks when the plan was last corrected; the large texts of drafts are not touched for that.
CREATE INDEX import_draft_plan ON import_draft (plan_id, purpose, state, decided_at, updated_at);
