-- 政府信息公开工作年度报告: one report for each organ and year; the form's cells with where each value came from, and the prose.
CREATE TABLE annual_report (
    id TEXT PRIMARY KEY,
    organ_id TEXT NOT NULL REFERENCES organ (id),
    year BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- JSON: cells and texts as they stand in the editor.
    form TEXT NOT NULL,
    -- Why it came back to be written on; empty otherwise.
    returned_why TEXT NOT NULL,
    -- JSON: what the public reads, sealed at publication; it stays while a correction is being written.
    published TEXT,
    published_at BIGINT,
    written_by TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organ_id, year)
);
CREATE INDEX annual_report_year ON annual_report (year, state, organ_id);
CREATE INDEX annual_report_published ON annual_report (published_at, year);
