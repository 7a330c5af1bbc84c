-- Price lists for groups and for everyone, with priorities, discounts, and prices that can be changed by the million; and what all prices
-- were before.

-- The prices of a list, as a whole: a new edition is filled while the old one is in force, and takes its place by one write.
CREATE TABLE price_list_edition (
    id uuid PRIMARY KEY,
    price_list_id uuid NOT NULL REFERENCES price_list (id) DEFERRABLE INITIALLY DEFERRED,
    -- None while it is being filled.
    adopted_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX price_list_edition_list ON price_list_edition (price_list_id);
CREATE INDEX price_list_edition_unadopted ON price_list_edition (created_at) WHERE adopted_at IS NULL;
INSERT INTO price_list_edition (id, price_list_id, adopted_at, created_at) SELECT id, id, created_at, created_at FROM price_list;
SET CONSTRAINTS ALL IMMEDIATE;

ALTER TABLE price_list
    ADD COLUMN edition_id uuid REFERENCES price_list_edition (id),
    ADD COLUMN everyone boolean NOT NULL DEFAULT false,
    ADD COLUMN priority integer NOT NULL DEFAULT 0,
    ADD COLUMN discount_percent numeric CHECK (discount_percent BETWEEN 0 AND 100),
    ADD COLUMN since timestamptz NOT NULL DEFAULT now(),
    ALTER COLUMN currency DROP NOT NULL;
UPDATE price_list SET edition_id = id, since = created_at;
ALTER TABLE price_list ALTER COLUMN edition_id SET NOT NULL;
CREATE INDEX price_list_edition_in_force ON price_list (edition_id);
CREATE INDEX price_list_everyone ON price_list (portal_id, seller_id) WHERE everyone;

ALTER TABLE price_list_buyer ADD COLUMN since timestamptz NOT NULL DEFAULT now();

CREATE TABLE price_list_group (
    price_list_id uuid NOT NULL REFERENCES price_list (id),
    buyer_group_id uuid NOT NULL CONSTRAINT price_list_group_in_use REFERENCES buyer_group (id),
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (price_list_id, buyer_group_id)
);
CREATE INDEX price_list_group_group ON price_list_group (buyer_group_id, price_list_id);

CREATE TABLE price_list_category (
    price_list_id uuid NOT NULL REFERENCES price_list (id),
    category_id uuid NOT NULL REFERENCES category (id),
    discount_percent numeric NOT NULL CHECK (discount_percent BETWEEN 0 AND 100),
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (price_list_id, category_id)
);
CREATE INDEX price_list_category_category ON price_list_category (category_id);

ALTER TABLE buyer_group_member ADD COLUMN since timestamptz NOT NULL DEFAULT now();

-- A price, or a discount on the offer's own. Foreign keys are checked by statement, below: by row they would cost five times the writing.
ALTER TABLE price_list_tier RENAME COLUMN price_list_id TO edition_id;
ALTER TABLE price_list_tier
    DROP CONSTRAINT price_list_tier_price_list_id_fkey,
    DROP CONSTRAINT price_list_tier_offer_id_fkey,
    DROP CONSTRAINT price_list_tier_from_quantity_check,
    ADD CONSTRAINT price_list_tier_from_quantity_check CHECK (from_quantity >= 0),
    ALTER COLUMN unit_price DROP NOT NULL,
    ADD COLUMN discount_percent numeric CHECK (discount_percent BETWEEN 0 AND 100),
    ADD COLUMN since timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT price_list_tier_one_amount CHECK (num_nonnulls(unit_price, discount_percent) = 1);
DROP INDEX price_list_tier_offer;

CREATE FUNCTION price_list_tier_belongs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added t
            LEFT JOIN price_list_edition e ON e.id = t.edition_id
            LEFT JOIN price_list l ON l.id = e.price_list_id
            LEFT JOIN offer o ON o.id = t.offer_id AND o.portal_id = l.portal_id AND o.seller_id = l.seller_id
        WHERE o.id IS NULL
    ) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a price is for an offer of the list''s own seller and portal',
            CONSTRAINT = 'price_list_tier_belongs';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER price_list_tier_belongs AFTER INSERT ON price_list_tier REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION price_list_tier_belongs();

-- What was before: each row that is changed or removed goes into a table of the past with the time until which it held. Whatever writes,
-- the database keeps it; whatever reads prices of today reads none of it.
ALTER TABLE offer_tier ADD COLUMN since timestamptz NOT NULL DEFAULT now();
UPDATE offer_tier SET since = o.created_at FROM offer o WHERE o.id = offer_tier.offer_id;
UPDATE price_list_tier SET since = e.created_at FROM price_list_edition e WHERE e.id = price_list_tier.edition_id;
UPDATE price_list_buyer SET since = l.created_at FROM price_list l WHERE l.id = price_list_buyer.price_list_id;

CREATE TABLE offer_tier_past (
    offer_id uuid NOT NULL,
    from_quantity numeric NOT NULL,
    unit_price numeric NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (offer_id, until, from_quantity)
);
CREATE TABLE offer_currency_past (
    offer_id uuid NOT NULL,
    currency text NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (offer_id, until)
);
CREATE TABLE price_list_past (
    id uuid NOT NULL,
    portal_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    name text NOT NULL,
    currency text,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz,
    archived_at timestamptz,
    edition_id uuid NOT NULL,
    everyone boolean NOT NULL,
    priority integer NOT NULL,
    discount_percent numeric,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (id, until)
);
CREATE INDEX price_list_past_everyone ON price_list_past (portal_id, seller_id) WHERE everyone;
CREATE TABLE price_list_buyer_past (
    price_list_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, price_list_id, until)
);
CREATE TABLE price_list_group_past (
    price_list_id uuid NOT NULL,
    buyer_group_id uuid NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (buyer_group_id, price_list_id, until)
);
CREATE TABLE price_list_category_past (
    price_list_id uuid NOT NULL,
    category_id uuid NOT NULL,
    discount_percent numeric NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (price_list_id, category_id, until)
);
CREATE TABLE buyer_group_member_past (
    buyer_group_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, buyer_group_id, until)
);
CREATE TABLE price_list_tier_past (
    edition_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    from_quantity numeric NOT NULL,
    unit_price numeric,
    discount_percent numeric,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (edition_id, offer_id, until, from_quantity)
);

-- Arguments: the columns that the table of the past shares with this one, and of which rows it keeps anything. What was made and changed in
-- one transaction never held.
CREATE FUNCTION keep_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO %I (%s, since, until) SELECT %2$s, since, now() FROM gone WHERE since < now() AND (%s)',
        TG_TABLE_NAME || '_past', TG_ARGV[0], coalesce(TG_ARGV[1], 'true'));
    RETURN NULL;
END $$;
CREATE FUNCTION holds_since_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.since := now();
    RETURN NEW;
END $$;

CREATE TRIGGER offer_tier_removed AFTER DELETE ON offer_tier REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION keep_past('offer_id, from_quantity, unit_price');
CREATE TRIGGER offer_tier_changed AFTER UPDATE ON offer_tier REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION keep_past('offer_id, from_quantity, unit_price');
CREATE TRIGGER offer_tier_since BEFORE UPDATE ON offer_tier FOR EACH ROW EXECUTE FUNCTION holds_since_now();
CREATE TRIGGER price_list_changed AFTER UPDATE ON price_list REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION keep_past(
        'id, portal_id, seller_id, name, currency, valid_from, valid_until, archived_at, edition_id, everyone, priority, discount_percent');
CREATE TRIGGER price_list_since BEFORE UPDATE ON price_list FOR EACH ROW EXECUTE FUNCTION holds_since_now();
CREATE TRIGGER price_list_buyer_removed AFTER DELETE ON price_list_buyer REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION keep_past('price_list_id, organisation_id');
CREATE TRIGGER price_list_group_removed AFTER DELETE ON price_list_group REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION keep_past('price_list_id, buyer_group_id');
CREATE TRIGGER price_list_category_removed AFTER DELETE ON price_list_category REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION keep_past('price_list_id, category_id, discount_percent');
CREATE TRIGGER price_list_category_changed AFTER UPDATE ON price_list_category REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION keep_past('price_list_id, category_id, discount_percent');
CREATE TRIGGER price_list_category_since BEFORE UPDATE ON price_list_category FOR EACH ROW EXECUTE FUNCTION holds_since_now();
-- What was sent and never in force is not kept.
CREATE TRIGGER price_list_tier_removed AFTER DELETE ON price_list_tier REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION keep_past('edition_id, offer_id, from_quantity, unit_price, discount_percent',
        'EXISTS (SELECT FROM price_list_edition e WHERE e.id = edition_id AND e.adopted_at IS NOT NULL)');
CREATE TRIGGER price_list_tier_changed AFTER UPDATE ON price_list_tier REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION keep_past('edition_id, offer_id, from_quantity, unit_price, discount_percent',
        'EXISTS (SELECT FROM price_list_edition e WHERE e.id = edition_id AND e.adopted_at IS NOT NULL)');
CREATE TRIGGER price_list_tier_since BEFORE UPDATE ON price_list_tier FOR EACH ROW EXECUTE FUNCTION holds_since_now();
CREATE TRIGGER buyer_group_member_removed AFTER DELETE ON buyer_group_member REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION keep_past('buyer_group_id, organisation_id');

CREATE FUNCTION offer_keep_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO offer_currency_past (offer_id, currency, until) VALUES (OLD.id, OLD.currency, now()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER offer_currency_changed AFTER UPDATE OF currency ON offer FOR EACH ROW
    WHEN (OLD.currency <> NEW.currency) EXECUTE FUNCTION offer_keep_currency();
