-- One organ's cases, newest first: with 200,000 of them the list sorted them all on every page.
CREATE INDEX request_organ_newest ON request (organ_id, submitted_at, id);
