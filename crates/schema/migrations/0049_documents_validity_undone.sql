-- An event of validity that was recorded by mistake stays, with who undid it and why; it counts no more.
ALTER TABLE validity_event ADD COLUMN undone_at BIGINT;
ALTER TABLE validity_event ADD COLUMN undone_by TEXT;
ALTER TABLE validity_event ADD COLUMN undone_why TEXT;
