-- 撤下的文件: stored files that nobody is served any more, and why.
CREATE TABLE withheld_file (
    file_id TEXT PRIMARY KEY REFERENCES file (id),
    reason TEXT NOT NULL,
    withheld_by TEXT NOT NULL,
    withheld_at BIGINT NOT NULL
);
CREATE INDEX withheld_file_newest ON withheld_file (withheld_at, file_id);
-- Where the same bytes stand is asked by file.
CREATE INDEX attachment_file ON attachment (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX evidence_file ON evidence (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX plan_source_file ON plan (source_file_id) WHERE source_file_id IS NOT NULL;
