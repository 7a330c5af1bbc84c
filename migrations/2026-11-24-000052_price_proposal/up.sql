-- A price that a buyer and a seller negotiate for a quantity of an offer. What is agreed on is good for one order.
CREATE TABLE price_proposal (
    id uuid PRIMARY KEY,
    portal_id uuid NOT NULL REFERENCES portal (id),
    offer_id uuid NOT NULL REFERENCES offer (id),
    buyer_id uuid NOT NULL REFERENCES organisation (id),
    seller_id uuid NOT NULL REFERENCES organisation (id),
    state text NOT NULL CHECK (state IN ('proposed', 'countered', 'accepted', 'declined', 'withdrawn', 'expired', 'used')),
    currency text NOT NULL,
    -- Those of the last round.
    quantity numeric NOT NULL CHECK (quantity > 0),
    unit text NOT NULL,
    base_quantity numeric NOT NULL CHECK (base_quantity > 0),
    unit_price numeric NOT NULL CHECK (unit_price >= 0),
    rounds integer NOT NULL CHECK (rounds > 0),
    -- Until when it can be answered, and once it is accepted, ordered.
    expires_at timestamptz NOT NULL,
    reason text,
    created_at timestamptz NOT NULL,
    decided_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CHECK (buyer_id <> seller_id)
);
CREATE INDEX price_proposal_buyer ON price_proposal (buyer_id, id);
CREATE INDEX price_proposal_seller ON price_proposal (seller_id, id);
CREATE INDEX price_proposal_offer ON price_proposal (offer_id);
CREATE INDEX price_proposal_portal ON price_proposal (portal_id);

CREATE TABLE price_proposal_round (
    proposal_id uuid NOT NULL REFERENCES price_proposal (id),
    number integer NOT NULL CHECK (number > 0),
    side text NOT NULL CHECK (side IN ('buyer', 'seller')),
    quantity numeric NOT NULL CHECK (quantity > 0),
    unit_price numeric NOT NULL CHECK (unit_price >= 0),
    note text,
    expires_at timestamptz NOT NULL,
    by_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (proposal_id, number)
);

ALTER TABLE order_line
    ADD COLUMN price_proposal_id uuid REFERENCES price_proposal (id),
    DROP CONSTRAINT order_line_price_source_check,
    ADD CONSTRAINT order_line_price_source_check CHECK (price_source IN ('list', 'tier', 'price_list', 'proposal')),
    ADD CONSTRAINT order_line_price_proposal_check CHECK ((price_source = 'proposal') = (price_proposal_id IS NOT NULL));
CREATE INDEX order_line_price_proposal ON order_line (price_proposal_id) WHERE price_proposal_id IS NOT NULL;
