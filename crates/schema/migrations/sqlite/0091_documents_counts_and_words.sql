-- Lists of documents know their cost: how many there are is kept, what lists look at stands in their indexes, and words are
-- found by pairs of characters.

-- Title and 文号, of one width and in small letters: a list finds by it the same on every database.
ALTER TABLE document ADD COLUMN found_by TEXT NOT NULL DEFAULT '';
-- Until the job comes to them, letters alone.
UPDATE document SET found_by = LOWER(title) || '
' || LOWER(number);

-- What the public reads, of each organ.
CREATE TABLE document_public_count (
    organ_id TEXT NOT NULL,
    year BIGINT NOT NULL,
    kind TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (organ_id, year, kind)
);
CREATE TABLE document_theme_count (
    organ_id TEXT NOT NULL,
    theme TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (organ_id, theme)
);
-- What staff have, of each unit.
CREATE TABLE document_desk_count (
    owner_id TEXT NOT NULL,
    state TEXT NOT NULL,
    visibility TEXT NOT NULL,
    kind TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (owner_id, state, visibility, kind)
);
INSERT INTO document_public_count (organ_id, year, kind, n)
    SELECT organ_id, year, kind, COUNT(*) FROM document WHERE visibility = 'public' AND limited = 0 GROUP BY organ_id, year, kind;
INSERT INTO document_theme_count (organ_id, theme, n)
    SELECT organ_id, theme, COUNT(*) FROM document WHERE visibility = 'public' AND limited = 0 AND theme <> '' GROUP BY organ_id, theme;
INSERT INTO document_desk_count (owner_id, state, visibility, kind, n)
    SELECT owner_id, state, visibility, kind, COUNT(*) FROM document GROUP BY owner_id, state, visibility, kind;

-- The site's organs and what a list is narrowed to are looked at in the index alone.
DROP INDEX document_newest;
DROP INDEX document_listed;
DROP INDEX document_kind;
DROP INDEX document_year;
DROP INDEX document_years;
DROP INDEX document_themes;
CREATE INDEX document_newest ON document (visibility, limited, published_at, id, organ_id, found_by);
CREATE INDEX document_listed ON document (visibility, limited, id, organ_id, explained_at, published_at);
CREATE INDEX document_kind ON document (visibility, limited, kind, published_at, id, organ_id, year, effective_on, expires_on);
CREATE INDEX document_year ON document (visibility, limited, year, published_at, id, organ_id, kind);
CREATE INDEX document_themes ON document (visibility, limited, theme, published_at, id, organ_id, kind, year);
CREATE INDEX document_desk ON document (id, owner_id, state, visibility, kind);
CREATE INDEX document_out ON document (visibility, id, owner_id, published_id);

CREATE TRIGGER document_counted_in AFTER INSERT ON document BEGIN
    INSERT INTO document_desk_count (owner_id, state, visibility, kind, n) VALUES (new.owner_id, new.state, new.visibility, new.kind, 1)
        ON CONFLICT (owner_id, state, visibility, kind) DO UPDATE SET n = n + 1;
    INSERT INTO document_public_count (organ_id, year, kind, n)
        SELECT new.organ_id, new.year, new.kind, 1 WHERE new.visibility = 'public' AND new.limited = 0
        ON CONFLICT (organ_id, year, kind) DO UPDATE SET n = n + 1;
    INSERT INTO document_theme_count (organ_id, theme, n)
        SELECT new.organ_id, new.theme, 1 WHERE new.visibility = 'public' AND new.limited = 0 AND new.theme <> ''
        ON CONFLICT (organ_id, theme) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER document_counted_out AFTER DELETE ON document BEGIN
    UPDATE document_desk_count SET n = n - 1
        WHERE owner_id = old.owner_id AND state = old.state AND visibility = old.visibility AND kind = old.kind;
    UPDATE document_public_count SET n = n - 1
        WHERE old.visibility = 'public' AND old.limited = 0 AND organ_id = old.organ_id AND year = old.year AND kind = old.kind;
    UPDATE document_theme_count SET n = n - 1
        WHERE old.visibility = 'public' AND old.limited = 0 AND organ_id = old.organ_id AND theme = old.theme;
END;
CREATE TRIGGER document_counted_anew AFTER UPDATE OF owner_id, organ_id, state, visibility, limited, kind, year, theme ON document BEGIN
    UPDATE document_desk_count SET n = n - 1
        WHERE owner_id = old.owner_id AND state = old.state AND visibility = old.visibility AND kind = old.kind;
    UPDATE document_public_count SET n = n - 1
        WHERE old.visibility = 'public' AND old.limited = 0 AND organ_id = old.organ_id AND year = old.year AND kind = old.kind;
    UPDATE document_theme_count SET n = n - 1
        WHERE old.visibility = 'public' AND old.limited = 0 AND organ_id = old.organ_id AND theme = old.theme;
    INSERT INTO document_desk_count (owner_id, state, visibility, kind, n) VALUES (new.owner_id, new.state, new.visibility, new.kind, 1)
        ON CONFLICT (owner_id, state, visibility, kind) DO UPDATE SET n = n + 1;
    INSERT INTO document_public_count (organ_id, year, kind, n)
        SELECT new.organ_id, new.year, new.kind, 1 WHERE new.visibility = 'public' AND new.limited = 0
        ON CONFLICT (organ_id, year, kind) DO UPDATE SET n = n + 1;
    INSERT INTO document_theme_count (organ_id, theme, n)
        SELECT new.organ_id, new.theme, 1 WHERE new.visibility = 'public' AND new.limited = 0 AND new.theme <> ''
        ON CONFLICT (organ_id, theme) DO UPDATE SET n = n + 1;
END;

-- What a search by words looks through, as pairs of characters.
CREATE TABLE document_words (
    n INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE REFERENCES document (id),
    -- Parted by spaces.
    words TEXT NOT NULL
);
CREATE VIRTUAL TABLE document_words_index USING fts5 (
    words, content = 'document_words', content_rowid = 'n', tokenize = 'ascii', detail = none, columnsize = 0
);
CREATE TRIGGER document_words_kept AFTER INSERT ON document_words BEGIN
    INSERT INTO document_words_index (rowid, words) VALUES (new.n, new.words);
END;
CREATE TRIGGER document_words_changed AFTER UPDATE ON document_words BEGIN
    INSERT INTO document_words_index (document_words_index, rowid, words) VALUES ('delete', old.n, old.words);
    INSERT INTO document_words_index (rowid, words) VALUES (new.n, new.words);
END;

-- Documents from before, and those that a backup brought, until a job has come to them.
CREATE TABLE document_unworded (
    document_id TEXT PRIMARY KEY REFERENCES document (id)
);
INSERT INTO document_unworded (document_id) SELECT id FROM document;
CREATE TRIGGER document_unworded_yet AFTER INSERT ON document BEGIN
    INSERT INTO document_unworded (document_id) VALUES (new.id);
END;
