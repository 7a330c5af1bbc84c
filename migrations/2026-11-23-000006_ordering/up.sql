CREATE SEQUENCE purchase_order_number;

-- An order. (ORDER is a word of SQL itself.) A draft may hold lines of several sellers and then has none of its own; placing it
-- makes one order per seller, each naming the draft it was split from.
CREATE TABLE purchase_order (
    id uuid PRIMARY KEY,
    number bigint NOT NULL DEFAULT nextval('purchase_order_number') CONSTRAINT purchase_order_number_key UNIQUE,
    portal_id uuid NOT NULL REFERENCES portal (id),
    buyer_id uuid NOT NULL REFERENCES organisation (id),
    seller_id uuid REFERENCES organisation (id),
    split_from uuid REFERENCES purchase_order (id),
    state text NOT NULL CHECK (state IN
        ('draft', 'split', 'placed', 'confirmed', 'partly_confirmed', 'declined', 'cancelled', 'expired')),
    currency text NOT NULL,
    buyer_reference text,
    note text,
    delivery_address jsonb,
    requested_date date,
    freight_terms text NOT NULL CHECK (freight_terms IN ('included', 'added')),
    freight_limit numeric CHECK (freight_limit >= 0),
    freight numeric NOT NULL DEFAULT 0 CHECK (freight >= 0),
    incoterm text CHECK (incoterm IN ('EXW', 'FCA', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP', 'FAS', 'FOB', 'CFR', 'CIF')),
    incoterm_place text,
    -- None as long as nobody has said it.
    payment_days integer CHECK (payment_days BETWEEN 0 AND 365),
    total numeric NOT NULL CHECK (total >= 0),
    reason text,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    placed_at timestamptz,
    expires_at timestamptz,
    decided_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CHECK (state IN ('draft', 'split', 'cancelled') OR seller_id IS NOT NULL),
    CHECK (buyer_id <> seller_id),
    CHECK ((incoterm IS NULL) = (incoterm_place IS NULL)),
    CONSTRAINT purchase_order_payment_days_said CHECK (placed_at IS NULL OR payment_days IS NOT NULL)
);
CREATE INDEX purchase_order_buyer ON purchase_order (buyer_id, id);
CREATE INDEX purchase_order_seller ON purchase_order (seller_id, id) WHERE seller_id IS NOT NULL;
CREATE INDEX purchase_order_portal ON purchase_order (portal_id);
CREATE INDEX purchase_order_split_from ON purchase_order (split_from) WHERE split_from IS NOT NULL;

CREATE TABLE order_line (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES purchase_order (id),
    position integer NOT NULL CHECK (position > 0),
    offer_id uuid NOT NULL,
    product_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    sku text NOT NULL,
    name jsonb NOT NULL,
    quantity numeric NOT NULL CHECK (quantity > 0),
    unit text NOT NULL,
    unit_price numeric NOT NULL CHECK (unit_price >= 0),
    price_source text NOT NULL CHECK (price_source IN ('list', 'tier', 'price_list')),
    price_list_id uuid REFERENCES price_list (id),
    discount_percent numeric NOT NULL DEFAULT 0 CHECK (discount_percent BETWEEN 0 AND 100),
    tax_category text NOT NULL,
    tax_rate numeric NOT NULL,
    amount numeric NOT NULL CHECK (amount >= 0),
    reserved numeric NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    confirmed_quantity numeric CHECK (confirmed_quantity BETWEEN 0 AND quantity),
    CONSTRAINT order_line_position_key UNIQUE (order_id, position),
    -- Product and seller are those of the offer: one check instead of three.
    FOREIGN KEY (offer_id, product_id, seller_id) REFERENCES offer (id, product_id, seller_id)
);
CREATE INDEX order_line_offer ON order_line (offer_id);
CREATE INDEX order_line_price_list ON order_line (price_list_id) WHERE price_list_id IS NOT NULL;
