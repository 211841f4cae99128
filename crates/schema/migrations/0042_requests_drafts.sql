-- 转主动公开的草稿: the draft that an order to publish began with, until it is public or the order is taken back.
CREATE TABLE request_draft (
    -- The key of the order's finding: it names a release or a suggestion.
    order_key TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES organ (id),
    draft_kind TEXT NOT NULL,
    draft_id TEXT NOT NULL,
    path TEXT NOT NULL,
    -- 1 while it is waited for.
    is_open BIGINT NOT NULL
);
CREATE INDEX request_draft_open ON request_draft (is_open, order_key);
