-- 到期清理 costs the same however many documents there are: the last day of each stands in an index, and how many there are
-- of each month is kept.

-- The last day of 有效期 as it is on the day that was settled (0100); NULL where there is none, and where 废止 or 宣布失效 was
-- recorded.
ALTER TABLE document ADD COLUMN lapses_on TEXT;

CREATE INDEX document_lapsing ON document (visibility, lapses_on, id, owner_id, stands_until);

-- What staff have to look at, of each unit and month (2026-10).
CREATE TABLE document_lapsing_count (
    owner_id TEXT NOT NULL,
    month TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (owner_id, month)
);

CREATE TRIGGER document_lapsing_in AFTER INSERT ON document BEGIN
    INSERT INTO document_lapsing_count (owner_id, month, n)
        SELECT new.owner_id, SUBSTR(new.lapses_on, 1, 7), 1 WHERE new.visibility = 'public' AND new.lapses_on IS NOT NULL
        ON CONFLICT (owner_id, month) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER document_lapsing_out AFTER DELETE ON document BEGIN
    UPDATE document_lapsing_count SET n = n - 1
        WHERE old.visibility = 'public' AND owner_id = old.owner_id AND month = SUBSTR(old.lapses_on, 1, 7);
END;
CREATE TRIGGER document_lapsing_anew AFTER UPDATE OF owner_id, visibility, lapses_on ON document BEGIN
    UPDATE document_lapsing_count SET n = n - 1
        WHERE old.visibility = 'public' AND owner_id = old.owner_id AND month = SUBSTR(old.lapses_on, 1, 7);
    INSERT INTO document_lapsing_count (owner_id, month, n)
        SELECT new.owner_id, SUBSTR(new.lapses_on, 1, 7), 1 WHERE new.visibility = 'public' AND new.lapses_on IS NOT NULL
        ON CONFLICT (owner_id, month) DO UPDATE SET n = n + 1;
END;
