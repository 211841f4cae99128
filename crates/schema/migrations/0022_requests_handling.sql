-- 依申请公开: what handled cases lead to: publication, suggestions, escalations told.
CREATE TABLE request_publication (
    request_id TEXT PRIMARY KEY REFERENCES request (id),
    -- yes, no, or later
    choice TEXT NOT NULL,
    why TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_on TEXT NOT NULL,
    publish_by TEXT,
    published_at TEXT NOT NULL
);
CREATE INDEX request_publication_choice ON request_publication (choice, publish_by);
