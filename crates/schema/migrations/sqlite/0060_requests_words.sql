-- What a search over cases looks through, as pairs of characters: with 200,000 cases each search walked them all.
CREATE TABLE request_words (
    -- The case's number as one: year and serial.
    n INTEGER PRIMARY KEY,
    request_id TEXT NOT NULL UNIQUE REFERENCES request (id),
    -- Parted by spaces.
    words TEXT NOT NULL
);
CREATE VIRTUAL TABLE request_words_index USING fts5 (
    words, content = 'request_words', content_rowid = 'n', tokenize = 'ascii', detail = none, columnsize = 0
);
-- A name that was erased leaves the index at once, not when its pieces are merged some day.
INSERT INTO request_words_index (request_words_index, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER request_words_kept AFTER INSERT ON request_words BEGIN
    INSERT INTO request_words_index (rowid, words) VALUES (new.n, new.words);
END;
CREATE TRIGGER request_words_changed AFTER UPDATE ON request_words BEGIN
    INSERT INTO request_words_index (request_words_index, rowid, words) VALUES ('delete', old.n, old.words);
    INSERT INTO request_words_index (rowid, words) VALUES (new.n, new.words);
END;

-- Cases from before, until a job has come to them; while there is one, searches walk as they did.
CREATE TABLE request_unworded (
    request_id TEXT PRIMARY KEY REFERENCES request (id)
);
INSERT INTO request_unworded (request_id) SELECT id FROM request;
