-- 主动公开目录: the versions of an entry with reason and legal basis, and when somebody last confirmed that it still holds.
ALTER TABLE catalogue_entry ADD COLUMN confirmed_on TEXT;
ALTER TABLE catalogue_entry ADD COLUMN confirmed_by TEXT;

-- What an entry said in each version, as fields and their texts.
CREATE TABLE catalogue_version (
    entry_id TEXT NOT NULL REFERENCES catalogue_entry (id),
    version BIGINT NOT NULL,
    -- added, changed, removed
    kind TEXT NOT NULL,
    why TEXT NOT NULL,
    -- The law, rule or document that this version follows.
    legal_basis TEXT NOT NULL,
    fields TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_on TEXT NOT NULL,
    PRIMARY KEY (entry_id, version)
);

CREATE INDEX catalogue_entry_overrides ON catalogue_entry (overrides_id);
CREATE INDEX catalogue_filling_confirmed ON catalogue_filling (confirmed_on, id);
