-- 机构信息: what the public reads of an organ (条例 art. 20, no. 2), and how 索引号 are made there. Empty lines are left out.
CREATE TABLE organ_profile (
    organ_id TEXT PRIMARY KEY REFERENCES organ (id),
    -- 机关职能, 机构设置
    duties TEXT NOT NULL,
    sections TEXT NOT NULL,
    address TEXT NOT NULL,
    hours TEXT NOT NULL,
    phone TEXT NOT NULL,
    -- 负责人: one a line.
    leaders TEXT NOT NULL,
    -- 统一社会信用代码
    credit_code TEXT NOT NULL,
    -- 机关代码 that the place itself gave.
    house_code TEXT NOT NULL,
    -- How 索引号 are made for this organ and those below; empty: as above it.
    index_scheme TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX organ_profile_credit ON organ_profile (credit_code);

-- The foot of a site: 承办单位, the addresses of 网站找错 and of 党政机关网站标识.
ALTER TABLE portal ADD COLUMN operator TEXT NOT NULL DEFAULT '';
ALTER TABLE portal ADD COLUMN mistakes_url TEXT NOT NULL DEFAULT '';
ALTER TABLE portal ADD COLUMN badge_url TEXT NOT NULL DEFAULT '';

-- For the public library narrowed by 主题分类 and by 有效性.
CREATE INDEX document_themes ON document (theme, published_at, id)
WHERE visibility = 'public' AND limited = 0 AND theme <> '';
CREATE INDEX validity_event_change ON validity_event (change, document_id);
