ALTER TABLE ledger_entry
    DROP CONSTRAINT ledger_entry_subject_kind_check,
    -- What was booked stays.
    ADD CONSTRAINT ledger_entry_subject_kind_check CHECK (subject_kind IN ('invoice', 'payment')) NOT VALID;
DROP TABLE commission_entry, commission_statement, commission, commission_rate, commission_terms;
DROP FUNCTION refuse_entry_of_issued_statement;
