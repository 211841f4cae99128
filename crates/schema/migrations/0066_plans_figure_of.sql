-- Whose figure a piece of evidence states, where it is a figure of this system: the unit's own, or that of the whole
-- government, as which all were checked so far.
ALTER TABLE evidence ADD COLUMN figure_of TEXT NOT NULL DEFAULT 'government';
