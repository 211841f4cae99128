-- 本机关办理期限: within how many working days 更正 (条例 art. 41) and 投诉 (art. 47) are handled, for which the 条例 sets none. A unit
-- without a row keeps that of the organ above it.
CREATE TABLE request_limit (
    organ_id TEXT PRIMARY KEY REFERENCES organ (id),
    correction_days BIGINT NOT NULL,
    complaint_days BIGINT NOT NULL,
    -- What it rests on.
    basis TEXT NOT NULL,
    version BIGINT NOT NULL
);
-- The limit of such a case and its basis as they were when it came in: a later setting moves no case. 20 is what cases had
-- before there was a setting.
ALTER TABLE request ADD COLUMN limit_days BIGINT NOT NULL DEFAULT 20;
ALTER TABLE request ADD COLUMN limit_basis TEXT NOT NULL DEFAULT '';
