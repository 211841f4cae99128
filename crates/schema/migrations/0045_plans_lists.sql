-- Plans: comparing plans without reading every part of a task that a thousand units share.

-- Under which names a task was given to organs, and how many stand behind each name.
CREATE INDEX assignment_named ON assignment (task_id, state, role, named_as, organ_id);
-- How much evidence stands behind a task.
CREATE INDEX assignment_proofs ON assignment (task_id, evidence_count) WHERE evidence_count > 0;
