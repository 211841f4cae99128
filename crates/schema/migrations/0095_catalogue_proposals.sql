-- 建议列入目录的事项: what was decided to be made public and is to become an entry, until it is one or was declined.
CREATE TABLE catalogue_proposal (
    id TEXT PRIMARY KEY,
    -- What it comes from, a record of another capability; that has one proposal.
    ref_kind TEXT NOT NULL,
    ref_id TEXT NOT NULL,
    -- Who publishes it.
    organ_id TEXT NOT NULL REFERENCES organ (id),
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    path TEXT NOT NULL,
    due_on TEXT,
    -- open, kept, declined, withdrawn
    state TEXT NOT NULL,
    entry_id TEXT REFERENCES catalogue_entry (id),
    -- Why it was declined or withdrawn; empty otherwise.
    why TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_on TEXT,
    version BIGINT NOT NULL,
    -- Milliseconds since 1970, UTC.
    proposed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX catalogue_proposal_of ON catalogue_proposal (ref_kind, ref_id);
CREATE INDEX catalogue_proposal_organ ON catalogue_proposal (organ_id, state);
CREATE INDEX catalogue_proposal_entry ON catalogue_proposal (entry_id);
