-- Plans: what is not in a round is counted by unit, from the index alone.
DROP INDEX assignment_part;
CREATE INDEX assignment_part ON assignment (plan_id, state, id, role, organ_id);
