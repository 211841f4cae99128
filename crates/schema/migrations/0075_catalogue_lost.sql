-- What the night took back because it was public no longer; it counts again when it is. The program before
-- this one said so by the first words of the reason, older ones nowhere.
ALTER TABLE catalogue_filling ADD COLUMN lost BIGINT NOT NULL DEFAULT 0;
UPDATE catalogue_filling SET lost = 1 WHERE removed_why LIKE '材料不再公开：%';
