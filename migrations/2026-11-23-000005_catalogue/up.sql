CREATE TABLE category (
    id uuid PRIMARY KEY,
    code text NOT NULL CONSTRAINT category_code_key UNIQUE,
    parent_id uuid REFERENCES category (id) CHECK (parent_id <> id),
    name jsonb NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL
);
CREATE INDEX category_parent ON category (parent_id, code);

CREATE TABLE product (
    id uuid PRIMARY KEY,
    seller_id uuid NOT NULL REFERENCES organisation (id),
    sku text NOT NULL,
    gtin text,
    name jsonb NOT NULL,
    description jsonb NOT NULL DEFAULT '{}',
    category_id uuid REFERENCES category (id),
    base_unit text NOT NULL,
    tax_category text NOT NULL CHECK (tax_category IN ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')),
    tax_rate numeric NOT NULL CHECK (tax_rate BETWEEN 0 AND 100),
    minimum_order numeric NOT NULL CHECK (minimum_order > 0),
    order_multiple numeric NOT NULL CHECK (order_multiple > 0),
    lead_time_days integer NOT NULL CHECK (lead_time_days >= 0),
    archived_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    -- PostgreSQL's `russian` takes Cyrillic words to their Russian stems and Latin ones to their English: it serves both languages.
    search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('russian', sku || ' ' || coalesce(gtin, '')), 'A')
        || setweight(jsonb_to_tsvector('russian', name, '["string"]'), 'A')
        || setweight(jsonb_to_tsvector('russian', description, '["string"]'), 'C')
    ) STORED,
    CONSTRAINT product_sku_key UNIQUE (seller_id, sku)
);
CREATE INDEX product_seller ON product (seller_id, id);
CREATE INDEX product_category ON product (category_id);
CREATE INDEX product_search ON product USING gin (search);

CREATE TABLE stock (
    product_id uuid PRIMARY KEY REFERENCES product (id),
    on_hand numeric NOT NULL CONSTRAINT stock_on_hand_not_negative CHECK (on_hand >= 0),
    reserved numeric NOT NULL DEFAULT 0 CONSTRAINT stock_reserved_not_negative CHECK (reserved >= 0),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT stock_never_oversold CHECK (reserved <= on_hand)
) WITH (fillfactor = 70);

CREATE TABLE offer (
    id uuid PRIMARY KEY,
    portal_id uuid NOT NULL REFERENCES portal (id),
    product_id uuid NOT NULL REFERENCES product (id),
    seller_id uuid NOT NULL REFERENCES organisation (id),
    currency text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn')),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CONSTRAINT offer_product_once UNIQUE (portal_id, product_id),
    -- What lines of orders refer to.
    CONSTRAINT offer_of UNIQUE (id, product_id, seller_id)
);
CREATE INDEX offer_product ON offer (product_id);
CREATE INDEX offer_seller ON offer (seller_id, id);
CREATE INDEX offer_published ON offer (portal_id, id) WHERE state = 'published';

CREATE TABLE offer_tier (
    offer_id uuid NOT NULL REFERENCES offer (id),
    from_quantity numeric NOT NULL CHECK (from_quantity > 0),
    unit_price numeric NOT NULL CHECK (unit_price >= 0),
    PRIMARY KEY (offer_id, from_quantity)
);

CREATE TABLE price_list (
    id uuid PRIMARY KEY,
    portal_id uuid NOT NULL REFERENCES portal (id),
    seller_id uuid NOT NULL REFERENCES organisation (id),
    name text NOT NULL,
    currency text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,
    archived_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CHECK (valid_until > valid_from)
);
CREATE INDEX price_list_seller ON price_list (seller_id, id);
CREATE INDEX price_list_portal ON price_list (portal_id);

CREATE TABLE price_list_buyer (
    price_list_id uuid NOT NULL REFERENCES price_list (id),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (price_list_id, organisation_id)
);
CREATE INDEX price_list_buyer_organisation ON price_list_buyer (organisation_id);

CREATE TABLE price_list_tier (
    price_list_id uuid NOT NULL REFERENCES price_list (id),
    offer_id uuid NOT NULL REFERENCES offer (id),
    from_quantity numeric NOT NULL CHECK (from_quantity > 0),
    unit_price numeric NOT NULL CHECK (unit_price >= 0),
    PRIMARY KEY (price_list_id, offer_id, from_quantity)
);
CREATE INDEX price_list_tier_offer ON price_list_tier (offer_id);
