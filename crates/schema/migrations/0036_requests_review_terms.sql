-- 行政复议, 行政诉讼: within how many days an organ answers the copy that reached it; an organ without a row uses the defaults.
CREATE TABLE review_term (
    organ_id TEXT PRIMARY KEY REFERENCES organ (id),
    -- Calendar days from receiving the copy: ordinary and simplified review, suit.
    review_days BIGINT NOT NULL,
    simple_days BIGINT NOT NULL,
    suit_days BIGINT NOT NULL,
    -- What the organ rests them on.
    basis TEXT NOT NULL,
    version BIGINT NOT NULL
);
