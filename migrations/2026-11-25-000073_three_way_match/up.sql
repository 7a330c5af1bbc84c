-- What a buyer tolerates where an invoice is above order or receipt.
CREATE TABLE invoice_tolerance (
    buyer_id uuid PRIMARY KEY REFERENCES organisation (id),
    is_active boolean NOT NULL,
    price_percent numeric NOT NULL CHECK (price_percent BETWEEN 0 AND 100),
    quantity_percent numeric NOT NULL CHECK (quantity_percent BETWEEN 0 AND 100),
    amount numeric NOT NULL CHECK (amount >= 0),
    currency text NOT NULL,
    version bigint NOT NULL
);

-- Where the match of an invoice with order and receipt stands; nothing where its buyer does not match.
ALTER TABLE invoice ADD COLUMN match_state text
    CONSTRAINT invoice_match_state_check CHECK (match_state IN ('matched', 'held', 'disputed', 'approved'));

-- The match of an invoice, with the tolerances that counted as it arrived.
CREATE TABLE invoice_match (
    invoice_id uuid PRIMARY KEY REFERENCES invoice (id),
    price_percent numeric NOT NULL,
    quantity_percent numeric NOT NULL,
    -- In the currency of the invoice.
    amount numeric NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    reason text,
    CHECK ((decided_by IS NULL) = (reason IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL))
);

CREATE TABLE invoice_difference (
    invoice_id uuid NOT NULL REFERENCES invoice_match (invoice_id),
    invoice_line_id uuid NOT NULL REFERENCES invoice_line (id),
    kind text NOT NULL CHECK (kind IN ('price', 'quantity_ordered', 'quantity_received', 'amount')),
    expected numeric NOT NULL,
    found numeric NOT NULL,
    PRIMARY KEY (invoice_line_id, kind)
);
CREATE INDEX invoice_difference_invoice ON invoice_difference (invoice_id);

-- Nothing is paid for an invoice that is held, whoever pays.
CREATE FUNCTION refuse_payment_of_held_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'invoice % is held', NEW.id USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'invoice_held';
END $$;
CREATE TRIGGER invoice_held BEFORE UPDATE ON invoice FOR EACH ROW
    WHEN (NEW.paid > OLD.paid AND NEW.match_state IN ('held', 'disputed')) EXECUTE FUNCTION refuse_payment_of_held_invoice();
