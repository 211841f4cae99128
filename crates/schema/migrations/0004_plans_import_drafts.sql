-- What a draft is for (a new plan, the correction of one, a ledger with progress), and the counts that lists show.
ALTER TABLE import_draft ADD COLUMN purpose TEXT NOT NULL DEFAULT 'plan';
ALTER TABLE import_draft ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE import_draft ADD COLUMN tasks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_draft ADD COLUMN doubts BIGINT NOT NULL DEFAULT 0;
