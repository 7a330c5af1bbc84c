-- What a person orders by schedule. It is theirs alone to change: its orders are theirs.
CREATE TABLE standing_order (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    owner_id uuid NOT NULL REFERENCES person (id),
    name text NOT NULL,
    portal_id uuid NOT NULL REFERENCES portal (id),
    currency text NOT NULL,
    -- Whether it only drafts what its owner then submits.
    mode text NOT NULL CHECK (mode IN ('draft', 'order')),
    period text NOT NULL CHECK (period IN ('day', 'week', 'month')),
    interval integer NOT NULL CHECK (interval BETWEEN 1 AND 366),
    first_on date NOT NULL,
    last_on date CHECK (last_on >= first_on),
    -- The goods are wanted so many days after the order.
    lead_days integer CHECK (lead_days BETWEEN 0 AND 366),
    cost_centre_id uuid REFERENCES cost_centre (id),
    buyer_reference text,
    note text,
    delivery_address jsonb,
    paused boolean NOT NULL,
    -- None when it is over.
    next_on date,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL
);
CREATE INDEX standing_order_organisation ON standing_order (organisation_id, id);
CREATE INDEX standing_order_owner ON standing_order (owner_id);
CREATE INDEX standing_order_portal ON standing_order (portal_id);
CREATE INDEX standing_order_cost_centre ON standing_order (cost_centre_id);

CREATE TABLE standing_order_line (
    standing_order_id uuid NOT NULL REFERENCES standing_order (id),
    position integer NOT NULL CHECK (position > 0),
    offer_id uuid NOT NULL REFERENCES offer (id),
    quantity numeric NOT NULL CHECK (quantity > 0),
    unit text NOT NULL,
    note text,
    PRIMARY KEY (standing_order_id, position)
);
CREATE INDEX standing_order_line_offer ON standing_order_line (offer_id);

-- What became of each day: its orders, or the reason why there are none.
CREATE TABLE standing_order_run (
    standing_order_id uuid NOT NULL REFERENCES standing_order (id),
    due_on date NOT NULL,
    order_ids uuid[] NOT NULL,
    problem text,
    detail text,
    at timestamptz NOT NULL,
    PRIMARY KEY (standing_order_id, due_on),
    CHECK ((problem IS NULL) = (cardinality(order_ids) > 0))
);
