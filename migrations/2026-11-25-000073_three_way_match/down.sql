DROP TRIGGER invoice_held ON invoice;
DROP FUNCTION refuse_payment_of_held_invoice;
DROP TABLE invoice_difference, invoice_match;
ALTER TABLE invoice DROP COLUMN match_state;
DROP TABLE invoice_tolerance;
