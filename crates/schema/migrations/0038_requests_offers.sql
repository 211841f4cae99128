-- 申请前提示: how often what is public already was shown to applicants, followed, and enough, by record and day; nobody's data.
CREATE TABLE request_offer (
    offered_on TEXT NOT NULL,
    -- The public record; of an address elsewhere, what it came of.
    kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    -- Who published it, where the record says so.
    organ_id TEXT REFERENCES organ (id),
    title TEXT NOT NULL,
    path TEXT NOT NULL,
    shown BIGINT NOT NULL,
    clicked BIGINT NOT NULL,
    avoided BIGINT NOT NULL,
    PRIMARY KEY (offered_on, kind, record_id)
);
CREATE INDEX request_offer_organ ON request_offer (organ_id, offered_on);
CREATE INDEX request_offer_record ON request_offer (kind, record_id);
