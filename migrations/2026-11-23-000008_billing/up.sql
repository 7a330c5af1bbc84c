-- The last number given per seller, series and year; the row is locked while an invoice is issued, so that there are no gaps.
CREATE TABLE invoice_counter (
    seller_id uuid NOT NULL REFERENCES organisation (id),
    series text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL CHECK (last > 0),
    PRIMARY KEY (seller_id, series, year)
);

CREATE TABLE invoice (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
    number text,
    contract_id uuid NOT NULL REFERENCES contract (id),
    -- The invoice that a credit note takes back.
    credits_id uuid REFERENCES invoice (id),
    seller_id uuid NOT NULL REFERENCES organisation (id),
    buyer_id uuid NOT NULL REFERENCES organisation (id),
    bank_account_id uuid REFERENCES bank_account (id),
    state text NOT NULL CHECK (state IN ('draft', 'issued', 'partly_paid', 'paid', 'credited')),
    currency text NOT NULL,
    net numeric NOT NULL CHECK (net >= 0),
    tax numeric NOT NULL CHECK (tax >= 0),
    gross numeric NOT NULL CHECK (gross >= 0),
    paid numeric NOT NULL DEFAULT 0 CHECK (paid >= 0),
    credited numeric NOT NULL DEFAULT 0 CHECK (credited >= 0),
    issue_date date,
    due_date date,
    reason text,
    -- The published PDF.
    document_id uuid REFERENCES document (id),
    created_at timestamptz NOT NULL,
    issued_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT invoice_number_key UNIQUE (seller_id, number),
    -- A paid invoice may be credited afterwards: then the seller owes the difference.
    CONSTRAINT invoice_not_overpaid CHECK (paid <= gross AND credited <= gross),
    CHECK (gross = net + tax),
    CHECK ((kind = 'credit_note') = (credits_id IS NOT NULL)),
    CHECK (state = 'draft' OR (number IS NOT NULL AND issue_date IS NOT NULL AND due_date IS NOT NULL))
);
CREATE INDEX invoice_seller ON invoice (seller_id, id);
CREATE INDEX invoice_buyer ON invoice (buyer_id, id);
CREATE INDEX invoice_contract ON invoice (contract_id);
CREATE INDEX invoice_credits ON invoice (credits_id) WHERE credits_id IS NOT NULL;

CREATE TABLE invoice_line (
    id uuid PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoice (id),
    position integer NOT NULL CHECK (position > 0),
    contract_line_id uuid NOT NULL REFERENCES contract_line (id),
    sku text,
    name jsonb NOT NULL,
    quantity numeric NOT NULL CHECK (quantity > 0),
    unit text NOT NULL,
    unit_price numeric NOT NULL,
    discount_percent numeric NOT NULL,
    tax_category text NOT NULL,
    tax_rate numeric NOT NULL,
    net numeric NOT NULL CHECK (net >= 0),
    credited_quantity numeric NOT NULL DEFAULT 0 CHECK (credited_quantity BETWEEN 0 AND quantity),
    CONSTRAINT invoice_line_position_key UNIQUE (invoice_id, position)
);
CREATE INDEX invoice_line_contract_line ON invoice_line (contract_line_id);

CREATE TABLE invoice_tax (
    invoice_id uuid NOT NULL REFERENCES invoice (id),
    tax_category text NOT NULL,
    tax_rate numeric NOT NULL,
    base numeric NOT NULL,
    tax numeric NOT NULL,
    PRIMARY KEY (invoice_id, tax_category, tax_rate)
);

CREATE TABLE payment (
    id uuid PRIMARY KEY,
    payer_id uuid NOT NULL REFERENCES organisation (id),
    payee_id uuid NOT NULL REFERENCES organisation (id),
    state text NOT NULL CHECK (state IN ('recorded', 'confirmed', 'rejected')),
    amount numeric NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    paid_on date NOT NULL,
    reference text,
    reason text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    decided_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CHECK (payer_id <> payee_id)
);
CREATE INDEX payment_payer ON payment (payer_id, id);
CREATE INDEX payment_payee ON payment (payee_id, id);

CREATE TABLE payment_allocation (
    payment_id uuid NOT NULL REFERENCES payment (id),
    invoice_id uuid NOT NULL REFERENCES invoice (id),
    amount numeric NOT NULL CHECK (amount > 0),
    PRIMARY KEY (payment_id, invoice_id)
);
CREATE INDEX payment_allocation_invoice ON payment_allocation (invoice_id);

-- The ledger: double entry, append-only, every entry balanced when its transaction commits. Debits are positive.
CREATE TABLE account (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    kind text NOT NULL CHECK (kind IN
        ('receivable', 'payable', 'revenue', 'purchases', 'tax_due', 'tax_paid', 'cash', 'deposits', 'fees')),
    currency text NOT NULL,
    CONSTRAINT account_once UNIQUE (organisation_id, kind, currency)
);

CREATE TABLE ledger_entry (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    subject_kind text NOT NULL CHECK (subject_kind IN ('invoice', 'payment')),
    subject_id uuid NOT NULL,
    at timestamptz NOT NULL,
    -- One business event is posted once in one organisation's books.
    CONSTRAINT ledger_entry_once UNIQUE (organisation_id, subject_kind, subject_id)
);

CREATE TABLE ledger_posting (
    entry_id uuid NOT NULL REFERENCES ledger_entry (id),
    account_id uuid NOT NULL REFERENCES account (id),
    amount numeric NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (entry_id, account_id)
);
CREATE INDEX ledger_posting_account ON ledger_posting (account_id, entry_id);

CREATE FUNCTION check_entry_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ledger_posting p JOIN account a ON a.id = p.account_id
        WHERE p.entry_id = NEW.entry_id GROUP BY a.currency HAVING sum(p.amount) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger entry % is not balanced', NEW.entry_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_entry_balanced';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balanced AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_entry_balanced();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
