-- Orders that came as documents of procurement systems, by the number that their buyer gave them: the same number is the same order.
CREATE TABLE numbered_order (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    number text NOT NULL CHECK (number <> ''),
    -- SHA-256 of what it asks for, whatever the format.
    content_hash bytea NOT NULL CHECK (length(content_hash) = 32),
    -- What was made of it: one order per seller. Empty only within the transaction that makes them.
    order_ids uuid[] NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, number)
);

-- A seller's answer names the order by the buyer's number.
CREATE INDEX purchase_order_reference ON purchase_order (seller_id, buyer_reference) WHERE buyer_reference IS NOT NULL;

-- Documents name goods by their GTIN, too.
CREATE INDEX product_by_gtin ON product (gtin) WHERE gtin IS NOT NULL AND archived_at IS NULL;
