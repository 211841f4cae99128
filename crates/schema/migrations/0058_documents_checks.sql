-- What a reviewer answered to the checklist of a step: code=verdict, parted by commas.
ALTER TABLE review_step ADD COLUMN checks TEXT NOT NULL DEFAULT '';
-- What takes the place of a document that ended: as written, and the document of this library where it holds one.
ALTER TABLE validity_event ADD COLUMN successor TEXT NOT NULL DEFAULT '';
ALTER TABLE validity_event ADD COLUMN successor_id TEXT;
CREATE INDEX validity_event_successor ON validity_event (successor_id) WHERE successor_id IS NOT NULL;
-- What the check was sure of in a file when it was sealed: JSON, empty for nothing.
ALTER TABLE sealed_file ADD COLUMN found TEXT NOT NULL DEFAULT '';
-- One organ gives a number once.
CREATE INDEX document_number ON document (organ_id, number);
