DROP TABLE invoice_difference, invoice_match;
ALTER TABLE invoice DROP COLUMN match_state;
DROP TABLE invoice_tolerance;
