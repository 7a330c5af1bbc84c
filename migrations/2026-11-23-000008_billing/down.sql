DROP TABLE ledger_posting, ledger_entry, account, payment_allocation, payment, invoice_tax, invoice_line, invoice, invoice_counter;
DROP FUNCTION check_entry_balanced();
