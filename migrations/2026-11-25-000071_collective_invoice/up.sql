-- An invoice over several contracts names none: its lines do.
ALTER TABLE invoice ALTER COLUMN contract_id DROP NOT NULL;

-- The invoice that holds a delivery, so that one that is billed by the delivery is not billed twice.
ALTER TABLE delivery ADD COLUMN invoice_id uuid REFERENCES invoice (id);
CREATE INDEX delivery_invoice ON delivery (invoice_id) WHERE invoice_id IS NOT NULL;

-- Buyers whom a seller invoices once a month.
CREATE TABLE collective_invoicing (
    id uuid PRIMARY KEY,
    seller_id uuid NOT NULL REFERENCES organisation (id),
    buyer_id uuid NOT NULL REFERENCES organisation (id),
    created_at timestamptz NOT NULL,
    CHECK (seller_id <> buyer_id),
    CONSTRAINT collective_invoicing_once UNIQUE (seller_id, buyer_id)
);
CREATE INDEX collective_invoicing_buyer ON collective_invoicing (buyer_id);
