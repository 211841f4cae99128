-- 不再提供的旧文本: earlier texts of amended documents that the public does not get any more, and why. A text that is given out
-- again leaves the table; the audit chain keeps both.
CREATE TABLE hidden_text (
    edition_id TEXT NOT NULL PRIMARY KEY REFERENCES edition (id),
    -- Said to the public.
    why TEXT NOT NULL,
    hidden_at BIGINT NOT NULL
);
