-- What one unit has to clean up, and what stands of one organ, is read from an index of its own: among all units' rows the
-- few of a small one took as long as all of them.
CREATE INDEX document_lapsing_owner ON document (visibility, owner_id, lapses_on, id, stands_until);
CREATE INDEX document_organ_standing ON document (organ_id, visibility, limited, standing, published_at, id, kind, year, theme, stands_until, shown_until);
