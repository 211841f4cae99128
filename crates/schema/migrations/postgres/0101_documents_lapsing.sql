-- 到期清理 costs the same however many documents there are: the last day of each stands in an index, and how many there are
-- of each month is kept.

-- The last day of 有效期 as it is on the day that was settled (0100); NULL where there is none, and where 废止 or 宣布失效 was
-- recorded.
ALTER TABLE document ADD COLUMN lapses_on TEXT;

CREATE INDEX document_lapsing ON document (visibility, lapses_on, id, owner_id, stands_until);

-- What staff have to look at, of each unit and month (2026-10). The number is the sum of the rows, as in 0091.
CREATE TABLE document_lapsing_count (
    owner_id TEXT NOT NULL,
    month TEXT NOT NULL,
    n BIGINT NOT NULL
);
CREATE INDEX document_lapsing_count_of ON document_lapsing_count (owner_id, month, n);

CREATE FUNCTION document_lapsing_counted() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        IF OLD.visibility = 'public' AND OLD.lapses_on IS NOT NULL THEN
            INSERT INTO document_lapsing_count (owner_id, month, n) VALUES (OLD.owner_id, SUBSTR(OLD.lapses_on, 1, 7), -1);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        IF NEW.visibility = 'public' AND NEW.lapses_on IS NOT NULL THEN
            INSERT INTO document_lapsing_count (owner_id, month, n) VALUES (NEW.owner_id, SUBSTR(NEW.lapses_on, 1, 7), 1);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER document_lapsing_in AFTER INSERT OR DELETE ON document FOR EACH ROW EXECUTE FUNCTION document_lapsing_counted();
CREATE TRIGGER document_lapsing_anew AFTER UPDATE OF owner_id, visibility, lapses_on ON document
    FOR EACH ROW EXECUTE FUNCTION document_lapsing_counted();
