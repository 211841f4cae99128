-- Indexes for the public lists since 特定范围公示 (0051) is left out of them: without its column each row was read to be counted.
-- The newest ones carry what a search by words looks at.
DROP INDEX document_public;
DROP INDEX document_newest;
DROP INDEX document_organ;
DROP INDEX document_years;
DROP INDEX document_themes;
CREATE INDEX document_newest ON document (visibility, limited, published_at, id, title, number);
CREATE INDEX document_listed ON document (visibility, limited, id);
CREATE INDEX document_kind ON document (visibility, limited, kind, published_at, id);
CREATE INDEX document_year ON document (visibility, limited, year, published_at, id);
CREATE INDEX document_years ON document (visibility, limited, year, kind);
CREATE INDEX document_themes ON document (visibility, limited, theme, published_at, id);
CREATE INDEX document_organ ON document (organ_id, visibility, limited, published_at, id);
-- A title or a number that a text quotes.
CREATE INDEX document_title ON document (title);
CREATE INDEX document_numbered ON document (number);
