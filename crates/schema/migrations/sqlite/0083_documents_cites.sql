-- Which documents an edition names, as cited or as interpreted: who names one was looked for in the heads of all editions.
-- The ids stand as they were written; one may lead nowhere.
CREATE TABLE edition_cites (
    edition_id TEXT NOT NULL REFERENCES edition (id),
    document_id TEXT NOT NULL,
    PRIMARY KEY (edition_id, document_id)
);
CREATE INDEX edition_cites_document ON edition_cites (document_id, edition_id);

INSERT INTO edition_cites (edition_id, document_id)
SELECT e.id, json_extract(c.value, '$.document') FROM edition e, json_each(e.head, '$.cites') c
WHERE json_extract(c.value, '$.document') IS NOT NULL
UNION
SELECT e.id, json_extract(e.head, '$.interprets') FROM edition e WHERE json_extract(e.head, '$.interprets') <> '';
