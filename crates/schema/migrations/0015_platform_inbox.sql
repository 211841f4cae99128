-- 收件箱: what a person was told, and as whose business. The same key reaches a person once.
CREATE TABLE inbox_message (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    -- Where the person deals with it.
    path TEXT NOT NULL,
    -- The day that it is about, such as a last day.
    about_on TEXT,
    at BIGINT NOT NULL,
    read_at BIGINT,
    UNIQUE (account_id, key)
);
-- The count in the top bar; what is unread first, then the newest; what was read long ago.
CREATE INDEX inbox_message_unread ON inbox_message (account_id, topic) WHERE read_at IS NULL;
CREATE INDEX inbox_message_list ON inbox_message (account_id, (CASE WHEN read_at IS NULL THEN 0 ELSE 1 END), at DESC, id DESC);
CREATE INDEX inbox_message_read ON inbox_message (read_at);

-- 每日摘要: the last one that went out to a person by mail or webhook, and up to which instant it told.
CREATE TABLE inbox_digest (
    account_id TEXT NOT NULL REFERENCES account (id),
    channel TEXT NOT NULL,
    sent_on TEXT NOT NULL,
    upto BIGINT NOT NULL,
    PRIMARY KEY (account_id, channel)
);
-- Where the digest goes; nobody without an address gets one.
ALTER TABLE account ADD COLUMN mail_address TEXT;
