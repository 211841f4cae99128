-- Who applied more than once in the last twelve months (重复申请、批量申请), from the index alone: SQLite looks into the row for
-- what the index is made by, too, unless it stands in it.
CREATE INDEX request_by_applicant
    ON request (organ_id, submitted_at, applicant_key, applicant_name, kind, erased_on, identity_erased_on)
    WHERE kind = 'information' AND erased_on IS NULL AND identity_erased_on IS NULL;
-- Must proof of identity come with an application over the net (条例 art. 29: 身份证明)? Without it the desk asks for it (补正, art. 30).
ALTER TABLE request_limit ADD COLUMN proof TEXT NOT NULL DEFAULT 'later';
