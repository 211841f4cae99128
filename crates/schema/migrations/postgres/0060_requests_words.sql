-- What a search over cases looks through, as pairs of characters: with 200,000 cases each search walked them all.
CREATE TABLE request_words (
    -- The case's number as one: year and serial.
    n BIGINT PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE REFERENCES request (id),
    -- Parted by spaces.
    words TEXT NOT NULL
);
CREATE INDEX request_words_index ON request_words USING gin (string_to_array(words, ' '));

-- Cases from before, until a job has come to them; while there is one, searches walk as they did.
CREATE TABLE request_unworded (
    request_id TEXT PRIMARY KEY REFERENCES request (id)
);
INSERT INTO request_unworded (request_id) SELECT id FROM request;
