-- 转主动公开: cases that ask for the same, what was decided about them; why a release is not published, and who publishes it.
CREATE TABLE request_cluster (
    id TEXT PRIMARY KEY,
    -- Of whom it was asked.
    organ_id TEXT NOT NULL REFERENCES organ (id),
    -- What was asked for, without personal data.
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Cases that count, and how many different people they come from.
    requests BIGINT NOT NULL,
    applicants BIGINT NOT NULL,
    -- The day from which several people had asked, and until which the next step is due.
    arisen_on TEXT,
    due_on TEXT,
    owner_id TEXT REFERENCES organ (id),
    ground TEXT NOT NULL,
    why TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_on TEXT,
    -- What came of it: a public record of this site, or an address elsewhere.
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    record_title TEXT NOT NULL,
    record_path TEXT NOT NULL,
    published_on TEXT,
    version BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX request_cluster_organ ON request_cluster (organ_id, last_at);
CREATE INDEX request_cluster_state ON request_cluster (state, due_on, id);
CREATE INDEX request_cluster_owner ON request_cluster (owner_id, state, due_on);

CREATE TABLE request_cluster_case (
    request_id TEXT PRIMARY KEY REFERENCES request (id),
    cluster_id TEXT NOT NULL REFERENCES request_cluster (id)
);
CREATE INDEX request_cluster_case_cluster ON request_cluster_case (cluster_id);

-- Why a release is not published, from a list; and the unit that publishes it.
ALTER TABLE request_publication ADD COLUMN ground TEXT NOT NULL DEFAULT '';
ALTER TABLE request_publication ADD COLUMN owner_id TEXT REFERENCES organ (id);
CREATE INDEX request_publication_owner ON request_publication (owner_id, publish_by);
CREATE INDEX request_replied ON request (result_row, replied_on);
