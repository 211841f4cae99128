-- What passed its review and is not open is kept, and nobody has to publish it: it stood among what waits for that, for ever.
UPDATE document SET state = 'settled' WHERE state = 'approved' AND review_on IS NOT NULL AND visibility <> 'public';
