-- Lists by validity, and counts that leave out notices whose days are over, cost the same however many documents there are: how
-- each stands is kept beside the last day for which that holds. What a change of the document or an event of validity makes
-- doubtful is marked here and worked out anew until the code has settled it, so that no list depends on a job.

-- 有效性 by its code; empty for kinds that have none, and before it was settled.
ALTER TABLE document ADD COLUMN standing TEXT NOT NULL DEFAULT '';
-- 1 where its days of 公示 are over.
ALTER TABLE document ADD COLUMN is_over BIGINT NOT NULL DEFAULT 0;
-- The last day for which all that holds; empty where it is not settled.
ALTER TABLE document ADD COLUMN stands_until TEXT NOT NULL DEFAULT '';

CREATE INDEX document_standing ON document (visibility, limited, standing, published_at, id, organ_id, kind, year, theme, stands_until, shown_until);
CREATE INDEX document_kind_standing ON document (visibility, limited, kind, standing, published_at, id, organ_id, year, theme, stands_until, shown_until);
CREATE INDEX document_unsettled ON document (visibility, stands_until, id);

-- What the public reads, of each organ, by how it stands. The number is the sum of the rows, as in 0091.
CREATE TABLE document_standing_count (
    organ_id TEXT NOT NULL,
    year BIGINT NOT NULL,
    kind TEXT NOT NULL,
    standing TEXT NOT NULL,
    is_over BIGINT NOT NULL,
    n BIGINT NOT NULL
);
CREATE INDEX document_standing_count_of ON document_standing_count (organ_id, year, kind, standing, is_over, n);
CREATE TABLE document_theme_standing_count (
    organ_id TEXT NOT NULL,
    theme TEXT NOT NULL,
    standing TEXT NOT NULL,
    is_over BIGINT NOT NULL,
    n BIGINT NOT NULL
);
CREATE INDEX document_theme_standing_count_of ON document_theme_standing_count (organ_id, theme, standing, is_over, n);
INSERT INTO document_standing_count (organ_id, year, kind, standing, is_over, n)
    SELECT organ_id, year, kind, standing, is_over, COUNT(*) FROM document WHERE visibility = 'public' AND limited = 0
    GROUP BY organ_id, year, kind, standing, is_over;
INSERT INTO document_theme_standing_count (organ_id, theme, standing, is_over, n)
    SELECT organ_id, theme, standing, is_over, COUNT(*) FROM document WHERE visibility = 'public' AND limited = 0 AND theme <> ''
    GROUP BY organ_id, theme, standing, is_over;

CREATE FUNCTION document_standing_counted() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        IF OLD.visibility = 'public' AND OLD.limited = 0 THEN
            INSERT INTO document_standing_count (organ_id, year, kind, standing, is_over, n)
                VALUES (OLD.organ_id, OLD.year, OLD.kind, OLD.standing, OLD.is_over, -1);
            IF OLD.theme <> '' THEN
                INSERT INTO document_theme_standing_count (organ_id, theme, standing, is_over, n)
                    VALUES (OLD.organ_id, OLD.theme, OLD.standing, OLD.is_over, -1);
            END IF;
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        IF NEW.visibility = 'public' AND NEW.limited = 0 THEN
            INSERT INTO document_standing_count (organ_id, year, kind, standing, is_over, n)
                VALUES (NEW.organ_id, NEW.year, NEW.kind, NEW.standing, NEW.is_over, 1);
            IF NEW.theme <> '' THEN
                INSERT INTO document_theme_standing_count (organ_id, theme, standing, is_over, n)
                    VALUES (NEW.organ_id, NEW.theme, NEW.standing, NEW.is_over, 1);
            END IF;
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER document_standing_in AFTER INSERT OR DELETE ON document FOR EACH ROW EXECUTE FUNCTION document_standing_counted();
CREATE TRIGGER document_standing_anew AFTER UPDATE OF organ_id, visibility, limited, kind, year, theme, standing, is_over ON document
    FOR EACH ROW EXECUTE FUNCTION document_standing_counted();

-- What it follows from has changed.
CREATE FUNCTION document_unsettles() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NEW.stands_until := '';
    RETURN NEW;
END
$$;
CREATE TRIGGER document_unsettled_by_days BEFORE UPDATE OF kind, effective_on, expires_on, shown_until ON document
    FOR EACH ROW EXECUTE FUNCTION document_unsettles();
CREATE FUNCTION document_unsettles_by_turn() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE document SET stands_until = '' WHERE id = OLD.document_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE document SET stands_until = '' WHERE id = NEW.document_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER document_unsettled_by_turn AFTER INSERT OR UPDATE OR DELETE ON validity_event
    FOR EACH ROW EXECUTE FUNCTION document_unsettles_by_turn();
