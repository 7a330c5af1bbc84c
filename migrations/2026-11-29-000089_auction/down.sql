DROP TABLE auction_award, auction_offer, auction_runner_up, auction_receipt, auction_entry, auction_lot;
ALTER TABLE document
    DROP CONSTRAINT document_subject_kind_check,
    ADD CONSTRAINT document_subject_kind_check CHECK (subject_kind IN
        ('organisation', 'product', 'order', 'contract', 'delivery', 'invoice'));
ALTER TABLE contract
    DROP CONSTRAINT contract_origin_kind_check,
    ADD CONSTRAINT contract_origin_kind_check CHECK (origin_kind IN ('order', 'clearing'));
ALTER TABLE ledger_entry
    DROP CONSTRAINT ledger_entry_subject_kind_check,
    ADD CONSTRAINT ledger_entry_subject_kind_check CHECK (subject_kind IN ('invoice', 'payment', 'commission'));
ALTER TABLE account
    DROP CONSTRAINT account_kind_check,
    ADD CONSTRAINT account_kind_check CHECK (kind IN
        ('receivable', 'payable', 'revenue', 'purchases', 'tax_due', 'tax_paid', 'cash', 'deposits', 'fees'));
DROP TABLE auction_deposit, deposit_payment, auction_question, auction_bidder, auction;
