-- What a seller gives a buyer on credit, in one currency. No limit is none; zero is a limit of zero. `exposure` is the sum of the
-- entries.
CREATE TABLE credit_line (
    id uuid PRIMARY KEY,
    seller_id uuid NOT NULL REFERENCES organisation (id),
    buyer_id uuid NOT NULL REFERENCES organisation (id),
    currency text NOT NULL,
    credit_limit numeric CHECK (credit_limit >= 0),
    payment_days integer NOT NULL CHECK (payment_days BETWEEN 0 AND 365),
    state text NOT NULL CHECK (state IN ('active', 'suspended')),
    exposure numeric NOT NULL DEFAULT 0 CHECK (exposure >= 0),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CHECK (seller_id <> buyer_id),
    CONSTRAINT credit_line_relation_key UNIQUE (seller_id, buyer_id, currency)
);
CREATE INDEX credit_line_seller ON credit_line (seller_id, id);
CREATE INDEX credit_line_buyer ON credit_line (buyer_id, id);

-- What binds credit and what frees it: an order, an invoice, and whatever else there will be.
CREATE TABLE credit_entry (
    id uuid PRIMARY KEY,
    credit_line_id uuid NOT NULL REFERENCES credit_line (id),
    kind text NOT NULL,
    source_kind text NOT NULL,
    source_id uuid NOT NULL,
    -- More or less than before.
    amount numeric NOT NULL CHECK (amount <> 0),
    at timestamptz NOT NULL
);
CREATE INDEX credit_entry_line ON credit_entry (credit_line_id, id);
CREATE INDEX credit_entry_source ON credit_entry (source_id, credit_line_id);
CREATE TRIGGER credit_entry_append_only BEFORE UPDATE OR DELETE ON credit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Over the credit: the seller releases it before it can be confirmed.
ALTER TABLE purchase_order ADD COLUMN credit_hold boolean NOT NULL DEFAULT false;
