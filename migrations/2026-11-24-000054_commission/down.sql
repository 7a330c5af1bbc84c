ALTER TABLE ledger_entry
    DROP CONSTRAINT ledger_entry_subject_kind_check,
    ADD CONSTRAINT ledger_entry_subject_kind_check CHECK (subject_kind IN ('invoice', 'payment'));
DROP TABLE commission_entry, commission_statement, commission, commission_rate, commission_terms;
