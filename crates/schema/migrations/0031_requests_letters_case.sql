-- Letters are part of the case: the place in its history of the act that left with a letter.
ALTER TABLE letter ADD COLUMN entry BIGINT;
