-- The file that a report was taken in from: of a year with another form, its tables are only there.
ALTER TABLE annual_report ADD COLUMN file_id TEXT REFERENCES file (id);
