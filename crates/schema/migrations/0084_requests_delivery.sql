-- 送达回证: its day of service had the name of the day on which the application came in, and was filled and checked as that.
-- What left keeps what it said; in what has not left that day stands for nothing: the place of the day of service is empty there.
UPDATE letter SET facts = REPLACE(facts, '"received_on"', '"served_on"') WHERE kind = 'delivery' AND state = 'issued';
UPDATE letter SET facts = REPLACE(facts, '"received_on"', '"was_received_on"') WHERE kind = 'delivery' AND state <> 'issued';
