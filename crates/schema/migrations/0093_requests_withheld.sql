-- 条例 art. 18: what a reply withheld is looked at again on a day, and on the day on which that found that it may be open, that is
-- kept: from then on it is asked whether all may have it.
ALTER TABLE request ADD COLUMN look_on TEXT;
ALTER TABLE request ADD COLUMN opened_on TEXT;
CREATE INDEX request_look_due ON request (organ_id, look_on) WHERE look_on IS NOT NULL;
CREATE INDEX request_may_open ON request (opened_on) WHERE opened_on IS NOT NULL;
-- What came of each look.
CREATE TABLE request_look (
    request_id TEXT NOT NULL REFERENCES request (id),
    position BIGINT NOT NULL,
    looked_on TEXT NOT NULL,
    by_name TEXT NOT NULL,
    outcome TEXT NOT NULL,
    why TEXT NOT NULL,
    next_on TEXT,
    PRIMARY KEY (request_id, position)
);
