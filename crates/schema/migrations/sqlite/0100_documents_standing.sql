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

-- What the public reads, of each organ, by how it stands.
CREATE TABLE document_standing_count (
    organ_id TEXT NOT NULL,
    year BIGINT NOT NULL,
    kind TEXT NOT NULL,
    standing TEXT NOT NULL,
    is_over BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (organ_id, year, kind, standing, is_over)
);
CREATE TABLE document_theme_standing_count (
    organ_id TEXT NOT NULL,
    theme TEXT NOT NULL,
    standing TEXT NOT NULL,
    is_over BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (organ_id, theme, standing, is_over)
);
INSERT INTO document_standing_count (organ_id, year, kind, standing, is_over, n)
    SELECT organ_id, year, kind, standing, is_over, COUNT(*) FROM document WHERE visibility = 'public' AND limited = 0
    GROUP BY organ_id, year, kind, standing, is_over;
INSERT INTO document_theme_standing_count (organ_id, theme, standing, is_over, n)
    SELECT organ_id, theme, standing, is_over, COUNT(*) FROM document WHERE visibility = 'public' AND limited = 0 AND theme <> ''
    GROUP BY organ_id, theme, standing, is_over;

CREATE TRIGGER document_standing_in AFTER INSERT ON document BEGIN
    INSERT INTO document_standing_count (organ_id, year, kind, standing, is_over, n)
        SELECT new.organ_id, new.year, new.kind, new.standing, new.is_over, 1 WHERE new.visibility = 'public' AND new.limited = 0
        ON CONFLICT (organ_id, year, kind, standing, is_over) DO UPDATE SET n = n + 1;
    INSERT INTO document_theme_standing_count (organ_id, theme, standing, is_over, n)
        SELECT new.organ_id, new.theme, new.standing, new.is_over, 1
        WHERE new.visibility = 'public' AND new.limited = 0 AND new.theme <> ''
        ON CONFLICT (organ_id, theme, standing, is_over) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER document_standing_out AFTER DELETE ON document BEGIN
    UPDATE document_standing_count SET n = n - 1
        WHERE old.visibility = 'public' AND old.limited = 0 AND organ_id = old.organ_id AND year = old.year AND kind = old.kind
        AND standing = old.standing AND is_over = old.is_over;
    UPDATE document_theme_standing_count SET n = n - 1
        WHERE old.visibility = 'public' AND old.limited = 0 AND organ_id = old.organ_id AND theme = old.theme
        AND standing = old.standing AND is_over = old.is_over;
END;
CREATE TRIGGER document_standing_anew
    AFTER UPDATE OF organ_id, visibility, limited, kind, year, theme, standing, is_over ON document BEGIN
    UPDATE document_standing_count SET n = n - 1
        WHERE old.visibility = 'public' AND old.limited = 0 AND organ_id = old.organ_id AND year = old.year AND kind = old.kind
        AND standing = old.standing AND is_over = old.is_over;
    UPDATE document_theme_standing_count SET n = n - 1
        WHERE old.visibility = 'public' AND old.limited = 0 AND organ_id = old.organ_id AND theme = old.theme
        AND standing = old.standing AND is_over = old.is_over;
    INSERT INTO document_standing_count (organ_id, year, kind, standing, is_over, n)
        SELECT new.organ_id, new.year, new.kind, new.standing, new.is_over, 1 WHERE new.visibility = 'public' AND new.limited = 0
        ON CONFLICT (organ_id, year, kind, standing, is_over) DO UPDATE SET n = n + 1;
    INSERT INTO document_theme_standing_count (organ_id, theme, standing, is_over, n)
        SELECT new.organ_id, new.theme, new.standing, new.is_over, 1
        WHERE new.visibility = 'public' AND new.limited = 0 AND new.theme <> ''
        ON CONFLICT (organ_id, theme, standing, is_over) DO UPDATE SET n = n + 1;
END;

-- What it follows from has changed.
CREATE TRIGGER document_unsettled_by_days AFTER UPDATE OF kind, effective_on, expires_on, shown_until ON document BEGIN
    UPDATE document SET stands_until = '' WHERE id = new.id;
END;
CREATE TRIGGER document_unsettled_by_turn AFTER INSERT ON validity_event BEGIN
    UPDATE document SET stands_until = '' WHERE id = new.document_id;
END;
CREATE TRIGGER document_unsettled_by_undoing AFTER UPDATE ON validity_event BEGIN
    UPDATE document SET stands_until = '' WHERE id IN (old.document_id, new.document_id);
END;
CREATE TRIGGER document_unsettled_by_loss AFTER DELETE ON validity_event BEGIN
    UPDATE document SET stands_until = '' WHERE id = old.document_id;
END;
