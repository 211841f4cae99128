-- 主动公开目录: what an organ must make public, and for each period whether it did.
-- What is due follows from the entry and the calendar; it is computed and never stored.
CREATE TABLE catalogue_entry (
    id TEXT PRIMARY KEY,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    -- The entry of a higher organ that this one stands for; no reference, because that one may be removed.
    overrides_id TEXT,
    -- 索引
    index_number TEXT NOT NULL,
    -- One of the fifteen classes of article 20.
    class BIGINT NOT NULL,
    -- One of the 26 domains, as named; empty for none.
    domain TEXT NOT NULL,
    -- 一级事项, 二级事项
    item TEXT NOT NULL,
    sub_item TEXT NOT NULL,
    content TEXT NOT NULL,
    basis TEXT NOT NULL,
    -- 公开时限 as written, and the rule it was read as.
    limit_text TEXT NOT NULL,
    rhythm TEXT NOT NULL,
    publisher TEXT NOT NULL,
    channels TEXT NOT NULL,
    audience TEXT NOT NULL,
    method TEXT NOT NULL,
    levels TEXT NOT NULL,
    -- 生成日期
    formed_on TEXT NOT NULL,
    in_force_on TEXT NOT NULL,
    removed_why TEXT,
    recorded_by TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX catalogue_entry_organ ON catalogue_entry (organ_id, class, index_number);
CREATE INDEX catalogue_entry_class ON catalogue_entry (class, index_number, id);
CREATE INDEX catalogue_entry_domain ON catalogue_entry (domain, index_number, id);

-- What a period's obligation was met with: a record, an address, or a signed 本期无.
CREATE TABLE catalogue_filling (
    id TEXT PRIMARY KEY,
    entry_id TEXT NOT NULL REFERENCES catalogue_entry (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    period TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    ref_kind TEXT,
    ref_id TEXT,
    seal TEXT,
    address TEXT,
    -- 本期无: the statement.
    statement TEXT,
    confirmed_by TEXT NOT NULL,
    confirmed_on TEXT NOT NULL,
    removed_why TEXT,
    version BIGINT NOT NULL
);
-- A period is met once; what was taken back may stand beside it.
CREATE UNIQUE INDEX catalogue_filling_once ON catalogue_filling (entry_id, organ_id, period) WHERE removed_why IS NULL;
CREATE INDEX catalogue_filling_entry ON catalogue_filling (entry_id, period);
CREATE INDEX catalogue_filling_organ ON catalogue_filling (organ_id, period);
