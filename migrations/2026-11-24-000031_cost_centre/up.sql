CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Where the costs of a buying organisation arise: what its orders are charged to.
CREATE TABLE cost_centre (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    code text NOT NULL,
    name text NOT NULL,
    owner_id uuid NOT NULL REFERENCES person (id),
    -- Whether every order needs a budget that covers it.
    budget_required boolean NOT NULL DEFAULT false,
    archived_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CONSTRAINT cost_centre_code_key UNIQUE (organisation_id, code)
);
CREATE INDEX cost_centre_organisation ON cost_centre (organisation_id, id);
CREATE INDEX cost_centre_owner ON cost_centre (owner_id);

-- Who orders on a cost centre. Whoever is a member of one orders on, and sees, only those.
CREATE TABLE cost_centre_member (
    cost_centre_id uuid NOT NULL REFERENCES cost_centre (id),
    person_id uuid NOT NULL REFERENCES person (id),
    PRIMARY KEY (cost_centre_id, person_id)
);
CREATE INDEX cost_centre_member_person ON cost_centre_member (person_id);

-- What may be spent in a period, in one currency. No amount is no limit; zero is a limit of zero.
CREATE TABLE budget (
    id uuid PRIMARY KEY,
    cost_centre_id uuid NOT NULL REFERENCES cost_centre (id),
    currency text NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    amount numeric CHECK (amount >= 0),
    committed numeric NOT NULL DEFAULT 0 CHECK (committed >= 0),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CHECK (starts_on <= ends_on),
    CONSTRAINT budget_never_exceeded CHECK (committed <= amount),
    CONSTRAINT budget_period_key UNIQUE (cost_centre_id, currency, starts_on),
    -- Of two for the same day nobody could say which one is spent.
    CONSTRAINT budget_periods_apart
        EXCLUDE USING gist (cost_centre_id WITH =, currency WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
);

ALTER TABLE purchase_order ADD COLUMN cost_centre_id uuid REFERENCES cost_centre (id);
CREATE INDEX purchase_order_cost_centre ON purchase_order (cost_centre_id) WHERE cost_centre_id IS NOT NULL;

-- What the buyer says about a line; what is left out is as the order says.
ALTER TABLE order_line
    ADD COLUMN cost_centre_id uuid REFERENCES cost_centre (id),
    ADD COLUMN buyer_reference text,
    ADD COLUMN note text,
    ADD COLUMN requested_date date,
    ADD COLUMN delivery_address jsonb;
CREATE INDEX order_line_cost_centre ON order_line (cost_centre_id) WHERE cost_centre_id IS NOT NULL;

-- What a line takes of a budget, from the moment its order is submitted; gone when it is given back.
CREATE TABLE budget_commitment (
    order_line_id uuid PRIMARY KEY REFERENCES order_line (id),
    order_id uuid NOT NULL REFERENCES purchase_order (id),
    budget_id uuid NOT NULL REFERENCES budget (id),
    amount numeric NOT NULL CHECK (amount >= 0)
);
CREATE INDEX budget_commitment_order ON budget_commitment (order_id);
CREATE INDEX budget_commitment_budget ON budget_commitment (budget_id);
