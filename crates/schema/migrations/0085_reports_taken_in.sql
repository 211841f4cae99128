-- Is the edition that the public reads one that was published elsewhere and taken in from a file, not one published here?
ALTER TABLE annual_report ADD COLUMN taken_in BIGINT NOT NULL DEFAULT 0;
-- What was published here was published after it had been begun.
UPDATE annual_report SET taken_in = 1 WHERE published_at = created_at;
