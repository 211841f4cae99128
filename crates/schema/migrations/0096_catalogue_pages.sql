-- What was seen at the web addresses that periods of the catalogue were filled with.
CREATE TABLE catalogue_page (
    filling_id TEXT PRIMARY KEY REFERENCES catalogue_filling (id),
    -- holds, changed, gone, unseen
    state TEXT NOT NULL,
    -- What was found out, in words.
    sentence TEXT NOT NULL,
    -- What counts as the material: SHA-256 of the page's words, how many characters they are, and whether the material's name
    -- is among them. NULL before the first look that saw the page.
    seal TEXT,
    chars BIGINT,
    named BIGINT,
    -- The same of what was seen last.
    seen_seal TEXT,
    seen_chars BIGINT,
    seen_named BIGINT,
    -- The last look that told something, and the last one at all: milliseconds since 1970, UTC.
    seen_at BIGINT,
    tried_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX catalogue_page_state ON catalogue_page (state, filling_id);
CREATE INDEX catalogue_filling_kind ON catalogue_filling (kind, id);

-- What a government lets the public read of how the periods of its units stand; none where its office has not decided.
CREATE TABLE catalogue_publicity (
    organ_id TEXT PRIMARY KEY REFERENCES organ (id),
    -- all, met, nothing
    publicity TEXT NOT NULL,
    set_by TEXT NOT NULL,
    set_on TEXT NOT NULL,
    version BIGINT NOT NULL
);
