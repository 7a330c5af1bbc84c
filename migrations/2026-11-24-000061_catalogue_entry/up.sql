-- What buyers search: one row per offer that is published, with what its product says, so that a search reads one table. It is kept by
-- the triggers below, whoever writes; offers have the last word on who sees them, and the columns that say so have the same names.
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE catalogue_entry (
    -- The offer's.
    id uuid PRIMARY KEY REFERENCES offer (id),
    portal_id uuid NOT NULL REFERENCES portal (id),
    seller_id uuid NOT NULL REFERENCES organisation (id),
    product_id uuid NOT NULL REFERENCES product (id),
    state text NOT NULL CHECK (state = 'published'),
    audience text NOT NULL,
    publish_at timestamptz,
    withdraw_at timestamptz,
    category_path uuid[] NOT NULL,
    currency text NOT NULL,
    minimum_order numeric NOT NULL,
    -- The offer's own price of a unit at the minimum of order.
    price numeric NOT NULL,
    lead_time_days integer NOT NULL,
    attributes jsonb NOT NULL,
    name_en text COLLATE "C" NOT NULL,
    name_ru text COLLATE "C" NOT NULL,
    -- All names in small letters where everybody sees the offer, else empty: what suggestions and corrections of spelling are made of.
    -- Nobody must hear of what is not yet, or not for everyone, on offer.
    names text NOT NULL,
    search tsvector NOT NULL
);
CREATE INDEX catalogue_entry_search ON catalogue_entry USING gin (portal_id, search);
CREATE INDEX catalogue_entry_category ON catalogue_entry USING gin (portal_id, category_path);
CREATE INDEX catalogue_entry_attributes ON catalogue_entry USING gin (portal_id, attributes jsonb_path_ops);
CREATE INDEX catalogue_entry_newest ON catalogue_entry (portal_id, id);
CREATE INDEX catalogue_entry_price ON catalogue_entry (portal_id, price, id);
CREATE INDEX catalogue_entry_name_en ON catalogue_entry (portal_id, name_en, id);
CREATE INDEX catalogue_entry_name_ru ON catalogue_entry (portal_id, name_ru, id);
CREATE INDEX catalogue_entry_seller ON catalogue_entry (seller_id, portal_id, id);
CREATE INDEX catalogue_entry_product ON catalogue_entry (product_id);
-- Whose words begin and cease to count as time goes by.
CREATE INDEX catalogue_entry_published ON catalogue_entry (publish_at, withdraw_at) WHERE names = '' AND audience = 'everyone';
CREATE INDEX catalogue_entry_withdrawn ON catalogue_entry (withdraw_at) WHERE names <> '';

-- The words of names on a portal, and in how many entries they stand.
CREATE TABLE catalogue_word (
    portal_id uuid NOT NULL REFERENCES portal (id),
    word text COLLATE "C" NOT NULL,
    uses bigint NOT NULL,
    PRIMARY KEY (portal_id, word)
);
-- For words that were mistyped: short ones by their length, longer ones by what they have in common.
CREATE INDEX catalogue_word_length ON catalogue_word (portal_id, char_length(word));
CREATE INDEX catalogue_word_alike ON catalogue_word USING gin (portal_id, word gin_trgm_ops) WITH (fastupdate = off);

CREATE VIEW catalogue_entry_source AS
SELECT o.id, o.portal_id, o.seller_id, o.product_id, o.state, o.audience, o.publish_at, o.withdraw_at,
    coalesce(c.path, '{}') AS category_path, o.currency,
    p.minimum_order, t.unit_price AS price,
    p.lead_time_days, p.attributes,
    lower(coalesce(p.name ->> 'en', p.name ->> 'ru', n.first, p.sku)) AS name_en,
    lower(coalesce(p.name ->> 'ru', p.name ->> 'en', n.first, p.sku)) AS name_ru,
    CASE WHEN o.audience = 'everyone' AND coalesce(o.publish_at <= now(), true) AND coalesce(o.withdraw_at > now(), true)
        THEN lower(coalesce(n.names, '')) ELSE '' END AS names,
    -- The product's number and names weigh A, its description C, its attributes D.
    p.search || setweight(jsonb_to_tsvector('russian', p.attributes, '["string"]'), 'D') AS search
FROM offer o
JOIN product p ON p.id = o.product_id
LEFT JOIN category c ON c.id = p.category_id
CROSS JOIN LATERAL (
    SELECT unit_price FROM offer_tier WHERE offer_id = o.id
    ORDER BY from_quantity <= p.minimum_order DESC, abs(from_quantity - p.minimum_order) LIMIT 1
) t
CROSS JOIN LATERAL (SELECT min(value) AS first, string_agg(value, ' ') AS names FROM jsonb_each_text(p.name)) n
WHERE o.state = 'published' AND p.archived_at IS NULL;

-- Brings the entries of these offers up to date. The products are held first: of two writers, one of a product and one of its offer,
-- the second waits here and then sees what the first has written, in statements of their own snapshots.
CREATE FUNCTION catalogue_entry_refresh(offers uuid[]) RETURNS void LANGUAGE sql AS $$
    SELECT FROM product WHERE id IN (SELECT product_id FROM offer WHERE id = ANY (offers)) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM catalogue_entry e WHERE e.id = ANY (offers)
        AND NOT EXISTS (SELECT FROM catalogue_entry_source s WHERE s.id = e.id);
    INSERT INTO catalogue_entry AS e SELECT * FROM catalogue_entry_source s WHERE s.id = ANY (offers) ORDER BY s.id
    ON CONFLICT (id) DO UPDATE SET
        audience = excluded.audience, publish_at = excluded.publish_at, withdraw_at = excluded.withdraw_at,
        category_path = excluded.category_path, currency = excluded.currency, minimum_order = excluded.minimum_order, price = excluded.price,
        lead_time_days = excluded.lead_time_days, attributes = excluded.attributes, name_en = excluded.name_en,
        name_ru = excluded.name_ru, names = excluded.names, search = excluded.search
    WHERE e IS DISTINCT FROM excluded;
$$;

CREATE FUNCTION catalogue_entry_on_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_entry_refresh(ARRAY(SELECT id FROM changed));
    RETURN NULL;
END $$;
-- A new offer has its entry from its prices, which follow.
CREATE TRIGGER catalogue_entry_offer_changed AFTER UPDATE ON offer
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalogue_entry_on_offer();

CREATE FUNCTION catalogue_entry_on_tier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_entry_refresh(ARRAY(SELECT DISTINCT offer_id FROM changed));
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_entry_tier_added AFTER INSERT ON offer_tier
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalogue_entry_on_tier();
CREATE TRIGGER catalogue_entry_tier_changed AFTER UPDATE ON offer_tier
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalogue_entry_on_tier();

CREATE FUNCTION catalogue_entry_on_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalogue_entry_refresh(ARRAY(SELECT o.id FROM offer o WHERE o.product_id IN (SELECT id FROM changed)));
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_entry_product_changed AFTER UPDATE ON product
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalogue_entry_on_product();

CREATE FUNCTION catalogue_entry_on_category() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Before the offers are looked for, so that none is missed that comes to one of these products meanwhile.
    PERFORM FROM product WHERE category_id IN (SELECT c.id FROM changed c JOIN before b ON b.id = c.id AND b.path <> c.path)
        ORDER BY id FOR NO KEY UPDATE;
    PERFORM catalogue_entry_refresh(ARRAY(
        SELECT o.id FROM changed c JOIN before b ON b.id = c.id AND b.path <> c.path
        JOIN product p ON p.category_id = c.id JOIN offer o ON o.product_id = p.id));
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_entry_category_moved AFTER UPDATE ON category
    REFERENCING NEW TABLE AS changed OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION catalogue_entry_on_category();

-- The words of names: letters and digits, at least two of them.
CREATE FUNCTION catalogue_words(names text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT DISTINCT word FROM regexp_split_to_table(names, '[^[:alnum:]]+') AS word WHERE char_length(word) BETWEEN 2 AND 40
$$;

-- Counts words up and down, in their order, so that two writers seldom wait for each other in a circle.
CREATE FUNCTION catalogue_word_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalogue_word AS w SELECT portal_id, word, count(*) FROM added, catalogue_words(names) AS word
    GROUP BY portal_id, word ORDER BY portal_id, word
    ON CONFLICT (portal_id, word) DO UPDATE SET uses = w.uses + excluded.uses;
    RETURN NULL;
END $$;
CREATE FUNCTION catalogue_word_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalogue_word AS w SELECT portal_id, word, -count(*) FROM removed, catalogue_words(names) AS word
    GROUP BY portal_id, word ORDER BY portal_id, word
    ON CONFLICT (portal_id, word) DO UPDATE SET uses = w.uses + excluded.uses;
    RETURN NULL;
END $$;
CREATE FUNCTION catalogue_word_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalogue_word AS w SELECT portal_id, word, sum(step) FROM (
        SELECT n.portal_id, word, 1 AS step FROM added n
        JOIN removed o ON o.id = n.id AND o.names <> n.names, catalogue_words(n.names) AS word
        UNION ALL
        SELECT o.portal_id, word, -1 FROM removed o
        JOIN added n ON n.id = o.id AND o.names <> n.names, catalogue_words(o.names) AS word
    ) steps GROUP BY portal_id, word HAVING sum(step) <> 0 ORDER BY portal_id, word
    ON CONFLICT (portal_id, word) DO UPDATE SET uses = w.uses + excluded.uses;
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_word_added AFTER INSERT ON catalogue_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION catalogue_word_added();
CREATE TRIGGER catalogue_word_removed AFTER DELETE ON catalogue_entry
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION catalogue_word_removed();
CREATE TRIGGER catalogue_word_changed AFTER UPDATE ON catalogue_entry
    REFERENCING NEW TABLE AS added OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION catalogue_word_changed();

SELECT catalogue_entry_refresh(ARRAY(SELECT id FROM offer));
