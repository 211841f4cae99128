-- 日历订阅: a secret address by which a person's calendar program reads what is due. Only the hash of the secret is kept.
CREATE TABLE calendar_feed (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    token_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_read_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX calendar_feed_account ON calendar_feed (account_id, created_at);

-- What the dashboard counts: each index holds all that one roll-up reads, so that it never looks at the rows themselves.
CREATE INDEX task_rollup ON task (plan_id, state, section, finished, next_due_on, reopened, position);
CREATE INDEX assignment_rollup ON assignment (plan_id, state, organ_id, role, finished, due_on, report_id, reopened);
CREATE INDEX assignment_part ON assignment (plan_id, state, id, role);
CREATE INDEX report_history ON report (assignment_id, sequence, outcome, created_at);
-- The year's dates of a plan, in order.
CREATE INDEX task_due ON task (plan_id, state, due_on, position);
