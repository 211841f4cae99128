-- 站点: portals of one store, each with the branch of organs that it shows, its look and its foot.
CREATE TABLE portal (
    id TEXT PRIMARY KEY,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    -- 1: what requests to no listed host see. At most one.
    is_main BIGINT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    -- branch: the organ and all below; own: without the governments below it.
    reach TEXT NOT NULL,
    intro TEXT NOT NULL,
    accent TEXT NOT NULL,
    header TEXT NOT NULL,
    -- Empty: the name and 政府信息公开.
    logo TEXT NOT NULL,
    -- PNG in base64; empty for none.
    emblem TEXT NOT NULL,
    sponsor TEXT NOT NULL,
    site_code TEXT NOT NULL,
    icp TEXT NOT NULL,
    police TEXT NOT NULL,
    contact TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX portal_organ ON portal (organ_id);

-- In small letters, without a port; the first is the one that links name.
CREATE TABLE portal_host (
    host TEXT PRIMARY KEY,
    portal_id TEXT NOT NULL REFERENCES portal (id),
    position BIGINT NOT NULL
);
CREATE INDEX portal_host_portal ON portal_host (portal_id, position);
