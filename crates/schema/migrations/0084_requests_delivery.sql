-- 送达回证: its day of service had the name of the day on which the application came in, and was filled and checked as that.
UPDATE letter SET facts = REPLACE(facts, '"received_on"', '"served_on"') WHERE kind = 'delivery';
