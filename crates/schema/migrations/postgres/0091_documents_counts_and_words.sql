-- Lists of documents know their cost: how many there are is kept, what lists look at stands in their indexes, and words are
-- found by pairs of characters.

-- Title and 文号, of one width and in small letters: a list finds by it the same on every database.
ALTER TABLE document ADD COLUMN found_by TEXT NOT NULL DEFAULT '';
-- Until the job comes to them, letters alone.
UPDATE document SET found_by = LOWER(title) || '
' || LOWER(number);

-- What the public reads, of each organ. The number is the sum of the rows: a transaction adds what it changed and waits for no
-- other, and by night the rows of one kind become one.
CREATE TABLE document_public_count (
    organ_id TEXT NOT NULL,
    year BIGINT NOT NULL,
    kind TEXT NOT NULL,
    n BIGINT NOT NULL
);
CREATE INDEX document_public_count_of ON document_public_count (organ_id, year, kind, n);
CREATE TABLE document_theme_count (
    organ_id TEXT NOT NULL,
    theme TEXT NOT NULL,
    n BIGINT NOT NULL
);
CREATE INDEX document_theme_count_of ON document_theme_count (organ_id, theme, n);
-- What staff have, of each unit.
CREATE TABLE document_desk_count (
    owner_id TEXT NOT NULL,
    state TEXT NOT NULL,
    visibility TEXT NOT NULL,
    kind TEXT NOT NULL,
    n BIGINT NOT NULL
);
CREATE INDEX document_desk_count_of ON document_desk_count (owner_id, state, visibility, kind, n);
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

CREATE FUNCTION document_counted() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO document_desk_count (owner_id, state, visibility, kind, n)
            VALUES (OLD.owner_id, OLD.state, OLD.visibility, OLD.kind, -1);
        IF OLD.visibility = 'public' AND OLD.limited = 0 THEN
            INSERT INTO document_public_count (organ_id, year, kind, n) VALUES (OLD.organ_id, OLD.year, OLD.kind, -1);
            IF OLD.theme <> '' THEN
                INSERT INTO document_theme_count (organ_id, theme, n) VALUES (OLD.organ_id, OLD.theme, -1);
            END IF;
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO document_desk_count (owner_id, state, visibility, kind, n)
            VALUES (NEW.owner_id, NEW.state, NEW.visibility, NEW.kind, 1);
        IF NEW.visibility = 'public' AND NEW.limited = 0 THEN
            INSERT INTO document_public_count (organ_id, year, kind, n) VALUES (NEW.organ_id, NEW.year, NEW.kind, 1);
            IF NEW.theme <> '' THEN
                INSERT INTO document_theme_count (organ_id, theme, n) VALUES (NEW.organ_id, NEW.theme, 1);
            END IF;
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER document_counted_in AFTER INSERT OR DELETE ON document FOR EACH ROW EXECUTE FUNCTION document_counted();
CREATE TRIGGER document_counted_anew AFTER UPDATE OF owner_id, organ_id, state, visibility, limited, kind, year, theme ON document
    FOR EACH ROW EXECUTE FUNCTION document_counted();

-- What a search by words looks through, as pairs of characters.
CREATE TABLE document_words (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE REFERENCES document (id),
    -- Parted by spaces.
    words TEXT NOT NULL
);
CREATE INDEX document_words_index ON document_words USING gin (string_to_array(words, ' '));

-- Documents from before, and those that a backup brought, until a job has come to them.
CREATE TABLE document_unworded (
    document_id TEXT PRIMARY KEY REFERENCES document (id)
);
INSERT INTO document_unworded (document_id) SELECT id FROM document;
CREATE FUNCTION document_waits() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO document_unworded (document_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER document_unworded_yet AFTER INSERT ON document FOR EACH ROW EXECUTE FUNCTION document_waits();
