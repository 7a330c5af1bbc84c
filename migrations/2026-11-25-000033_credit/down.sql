ALTER TABLE purchase_order DROP COLUMN credit_hold;
DROP TABLE credit_entry;
DROP TABLE credit_line;
