-- What a file's text lost when it was taken over as an edition: JSON, a sentence for each place. A row with an empty list says
-- that nothing was lost.
CREATE TABLE edition_loss (
    edition_id TEXT PRIMARY KEY REFERENCES edition (id),
    losses TEXT NOT NULL
);
