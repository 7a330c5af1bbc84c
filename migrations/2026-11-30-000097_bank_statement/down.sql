DROP INDEX invoice_open_to_account;
DROP INDEX payment_confirmed;
DROP INDEX payment_recorded;
DROP INDEX bank_account_number;
DROP TABLE bank_statement_entry;
DROP TABLE bank_statement;
