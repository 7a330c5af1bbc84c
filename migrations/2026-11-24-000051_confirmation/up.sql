ALTER TABLE purchase_order
    DROP CONSTRAINT purchase_order_state_check,
    ADD CONSTRAINT purchase_order_state_check CHECK (state IN ('draft', 'split', 'placed', 'confirmation_proposed', 'confirmed',
        'partly_confirmed', 'declined', 'cancelled', 'expired')),
    -- What becomes of that which the seller cannot confirm.
    ADD COLUMN shortage text NOT NULL DEFAULT 'release'
        CONSTRAINT purchase_order_shortage_check CHECK (shortage IN ('release', 'backorder', 'ask')),
    -- The order of whose confirmation this is the rest, and when the goods are expected.
    ADD COLUMN backorder_of uuid REFERENCES purchase_order (id),
    ADD COLUMN expected_date date,
    ADD CONSTRAINT purchase_order_backorder_check CHECK ((backorder_of IS NULL) = (expected_date IS NULL));
CREATE INDEX purchase_order_backorder_of ON purchase_order (backorder_of) WHERE backorder_of IS NOT NULL;

-- More than was ordered can be agreed on, and another price than the ordered one.
ALTER TABLE order_line
    DROP CONSTRAINT order_line_check,
    ADD CONSTRAINT order_line_confirmed_check CHECK (confirmed_quantity >= 0),
    ADD COLUMN confirmed_price numeric CONSTRAINT order_line_confirmed_price_check CHECK (confirmed_price >= 0);

-- A confirmation with changes: it binds once the buyer has accepted it.
CREATE TABLE order_confirmation (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES purchase_order (id),
    state text NOT NULL CHECK (state IN ('proposed', 'accepted', 'refused', 'withdrawn', 'expired')),
    freight numeric NOT NULL DEFAULT 0 CHECK (freight >= 0),
    total numeric NOT NULL CHECK (total >= 0),
    delivery_date date,
    expected_date date,
    note text,
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL,
    answer_by timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    reason text,
    CHECK ((state = 'proposed') = (decided_at IS NULL))
);
CREATE INDEX order_confirmation_order ON order_confirmation (order_id, id);
CREATE UNIQUE INDEX order_confirmation_open ON order_confirmation (order_id) WHERE state = 'proposed';

CREATE TABLE order_confirmation_line (
    confirmation_id uuid NOT NULL REFERENCES order_confirmation (id),
    order_line_id uuid NOT NULL REFERENCES order_line (id),
    quantity numeric NOT NULL CHECK (quantity >= 0),
    unit_price numeric NOT NULL CHECK (unit_price >= 0),
    discount_percent numeric NOT NULL CHECK (discount_percent BETWEEN 0 AND 100),
    amount numeric NOT NULL CHECK (amount >= 0),
    backorder numeric NOT NULL CHECK (backorder >= 0),
    PRIMARY KEY (confirmation_id, order_line_id)
);
CREATE INDEX order_confirmation_line_of ON order_confirmation_line (order_line_id);

-- The side that wants to give the contract up and waits for the other's consent.
ALTER TABLE contract ADD COLUMN cancel_asked_by uuid REFERENCES organisation (id);
