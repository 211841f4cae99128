-- Indexes for the public library at a hundred thousand documents: interpretations of one in order, and years with kinds.
DROP INDEX document_interprets;
CREATE INDEX document_interpretations ON document (interprets, visibility, published_at);
CREATE INDEX document_years ON document (visibility, year, kind);
