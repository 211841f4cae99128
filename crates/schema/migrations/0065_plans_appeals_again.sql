-- Scores that the principal sends back are computed anew, and what was computed anew may be appealed anew: one line has an
-- appeal for each time, told apart by its day.
ALTER TABLE score_appeal RENAME TO score_appeal_before;

CREATE TABLE score_appeal (
    id TEXT PRIMARY KEY,
    period_id TEXT NOT NULL REFERENCES score_period (id),
    organ_id TEXT NOT NULL REFERENCES organ (id),
    indicator TEXT NOT NULL,
    text TEXT NOT NULL,
    appealed_by TEXT NOT NULL,
    appealed_on TEXT NOT NULL,
    state TEXT NOT NULL,
    decision TEXT,
    decided_by TEXT,
    points BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (period_id, organ_id, indicator, appealed_on)
);
INSERT INTO score_appeal (id, period_id, organ_id, indicator, text, appealed_by, appealed_on, state, decision, decided_by, points, version)
SELECT id, period_id, organ_id, indicator, text, appealed_by, appealed_on, state, decision, decided_by, points, version
FROM score_appeal_before;
DROP TABLE score_appeal_before;
