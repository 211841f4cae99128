-- 协商确认 (条例 art. 11): organs that a text concerns and that are asked, before it goes out, whether what it says is right; and
-- those that must approve it where a rule says so (报请批准).
CREATE TABLE document_concerned (
    id TEXT NOT NULL PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES document (id),
    -- The text that is asked about; about a later one is asked anew.
    edition_id TEXT NOT NULL REFERENCES edition (id),
    -- In the order in which they were asked.
    position BIGINT NOT NULL,
    -- Who answers: after a merger the heir.
    organ_id TEXT NOT NULL REFERENCES organ (id),
    -- As it was called when it was asked.
    organ_name TEXT NOT NULL,
    -- confirm, approval
    matter TEXT NOT NULL,
    -- What of the text concerns it; of an approval by which rule it is needed.
    about TEXT NOT NULL,
    due_on TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    -- Milliseconds since 1970, UTC; so are the others.
    asked_at BIGINT NOT NULL,
    -- asked, agreed, differs, taken_back, lapsed
    state TEXT NOT NULL,
    -- What the organ says, or why the question was taken back.
    words TEXT NOT NULL,
    answered_by TEXT NOT NULL,
    answered_at BIGINT,
    -- What the principal decided where not all agreed.
    decided_why TEXT,
    decided_by TEXT,
    decided_at BIGINT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX document_concerned_of ON document_concerned (document_id, position);
CREATE INDEX document_concerned_by ON document_concerned (organ_id, state, due_on);
