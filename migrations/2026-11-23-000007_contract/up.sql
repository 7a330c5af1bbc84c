CREATE SEQUENCE contract_number;

CREATE TABLE contract (
    id uuid PRIMARY KEY,
    number bigint NOT NULL DEFAULT nextval('contract_number') CONSTRAINT contract_number_key UNIQUE,
    origin_kind text NOT NULL CHECK (origin_kind IN ('order')),
    origin_id uuid NOT NULL,
    portal_id uuid NOT NULL REFERENCES portal (id),
    buyer_id uuid NOT NULL REFERENCES organisation (id),
    seller_id uuid NOT NULL REFERENCES organisation (id),
    state text NOT NULL CHECK (state IN
        ('awaiting_signatures', 'active', 'fulfilled', 'closed', 'cancelled', 'disputed', 'terminated')),
    state_reason text,
    -- Who raised the dispute; only that side says that it is settled.
    disputed_by uuid REFERENCES organisation (id),
    currency text NOT NULL,
    incoterm text CHECK (incoterm IN ('EXW', 'FCA', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP', 'FAS', 'FOB', 'CFR', 'CIF')),
    incoterm_place text,
    payment_days integer NOT NULL CHECK (payment_days BETWEEN 0 AND 365),
    delivery_date date,
    total numeric NOT NULL CHECK (total >= 0),
    text text NOT NULL,
    text_hash bytea NOT NULL CHECK (length(text_hash) = 32),
    created_at timestamptz NOT NULL,
    activated_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CHECK ((incoterm IS NULL) = (incoterm_place IS NULL)),
    CHECK (buyer_id <> seller_id),
    -- A confirmed order, a sold lot, an award becomes a contract exactly once.
    CONSTRAINT contract_origin_once UNIQUE (origin_kind, origin_id)
);
CREATE INDEX contract_buyer ON contract (buyer_id, id);
CREATE INDEX contract_seller ON contract (seller_id, id);
CREATE INDEX contract_portal ON contract (portal_id);

ALTER TABLE purchase_order ADD COLUMN contract_id uuid REFERENCES contract (id);

CREATE TABLE contract_line (
    id uuid PRIMARY KEY,
    contract_id uuid NOT NULL REFERENCES contract (id),
    position integer NOT NULL CHECK (position > 0),
    kind text NOT NULL CHECK (kind IN ('goods', 'freight')),
    product_id uuid REFERENCES product (id),
    sku text,
    name jsonb NOT NULL,
    quantity numeric NOT NULL CHECK (quantity > 0),
    unit text NOT NULL,
    unit_price numeric NOT NULL CHECK (unit_price >= 0),
    discount_percent numeric NOT NULL CHECK (discount_percent BETWEEN 0 AND 100),
    tax_category text NOT NULL,
    tax_rate numeric NOT NULL,
    amount numeric NOT NULL,
    -- Taken from the seller's stock for this line and not yet despatched.
    reserved numeric NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    -- On its way or received in good order; what went missing or was damaged is not counted any more.
    despatched numeric NOT NULL DEFAULT 0 CHECK (despatched BETWEEN 0 AND quantity),
    received numeric NOT NULL DEFAULT 0 CHECK (received >= 0 AND received <= despatched),
    invoiced numeric NOT NULL DEFAULT 0 CHECK (invoiced BETWEEN 0 AND quantity),
    -- Where it goes and by when, as far as that was said.
    delivery_address jsonb,
    delivery_date date,
    CONSTRAINT contract_line_position_key UNIQUE (contract_id, position)
);
CREATE INDEX contract_line_product ON contract_line (product_id);

CREATE TABLE contract_amendment (
    id uuid PRIMARY KEY,
    contract_id uuid NOT NULL REFERENCES contract (id),
    number integer NOT NULL CHECK (number > 0),
    text text NOT NULL,
    text_hash bytea NOT NULL CHECK (length(text_hash) = 32),
    proposed_by uuid NOT NULL REFERENCES organisation (id),
    proposed_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'agreed', 'withdrawn', 'declined')),
    decided_at timestamptz,
    CONSTRAINT contract_amendment_number_key UNIQUE (contract_id, number)
);
-- Otherwise what is agreed would depend on the order of signing.
CREATE UNIQUE INDEX contract_amendment_open ON contract_amendment (contract_id) WHERE state = 'proposed';

-- A signature under the contract (amendment 0) or one of its amendments.
CREATE TABLE contract_signature (
    contract_id uuid NOT NULL REFERENCES contract (id),
    amendment integer NOT NULL DEFAULT 0,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    person_id uuid NOT NULL,
    person_name text NOT NULL,
    text_hash bytea NOT NULL,
    signed_at timestamptz NOT NULL,
    CONSTRAINT contract_signature_once PRIMARY KEY (contract_id, amendment, organisation_id)
);
CREATE TRIGGER contract_signature_append_only BEFORE UPDATE OR DELETE ON contract_signature
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE delivery (
    id uuid PRIMARY KEY,
    contract_id uuid NOT NULL REFERENCES contract (id),
    number integer NOT NULL CHECK (number > 0),
    state text NOT NULL CHECK (state IN ('despatched', 'received', 'received_short', 'received_damaged')),
    carrier text,
    tracking text,
    despatched_by uuid NOT NULL,
    despatched_at timestamptz NOT NULL,
    received_by uuid,
    received_at timestamptz,
    note text,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT delivery_number_key UNIQUE (contract_id, number)
);

CREATE TABLE delivery_line (
    delivery_id uuid NOT NULL REFERENCES delivery (id),
    contract_line_id uuid NOT NULL REFERENCES contract_line (id),
    quantity numeric NOT NULL CHECK (quantity > 0),
    received numeric CHECK (received >= 0),
    damaged numeric CHECK (damaged >= 0),
    PRIMARY KEY (delivery_id, contract_line_id),
    CHECK (received + damaged <= quantity)
);
CREATE INDEX delivery_line_contract_line ON delivery_line (contract_line_id);
