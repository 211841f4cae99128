-- 图片是不是地图: what its writer says of each picture of an edition, in its text or beside it. Goes on to the next edition.
CREATE TABLE edition_picture (
    edition_id TEXT NOT NULL REFERENCES edition (id),
    -- Of the picture's bytes.
    sha256 TEXT NOT NULL,
    shown TEXT NOT NULL,
    -- 审图号; empty where none is wanted.
    permit TEXT NOT NULL,
    -- 地图来源; empty where it is no map.
    source TEXT NOT NULL,
    by_name TEXT NOT NULL,
    PRIMARY KEY (edition_id, sha256)
);
