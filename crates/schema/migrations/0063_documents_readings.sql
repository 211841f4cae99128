-- What was read in a file with these bytes, so that each content is opened once: JSON with its words, what it hides, and why
-- it could not be read. It can be made again at any time.
CREATE TABLE file_reading (
    sha256 TEXT PRIMARY KEY,
    reading TEXT NOT NULL,
    -- Which reader it was; a better one reads anew.
    reader BIGINT NOT NULL,
    read_at BIGINT NOT NULL
);
