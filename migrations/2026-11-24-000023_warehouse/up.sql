-- Where stock lies, in which lots, what moves it, and what is expected.
CREATE TABLE warehouse (
    id uuid PRIMARY KEY,
    seller_id uuid NOT NULL REFERENCES organisation (id),
    name text NOT NULL CHECK (name <> ''),
    country text,
    city text,
    archived_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL
);
-- A name is free again once its warehouse is out of use.
CREATE UNIQUE INDEX warehouse_name_key ON warehouse (seller_id, name) WHERE archived_at IS NULL;
CREATE INDEX warehouse_seller ON warehouse (seller_id, id);

-- More may be promised than there is, up to a limit; such orders wait for so many days.
ALTER TABLE stock
    ADD COLUMN backorder_limit numeric NOT NULL DEFAULT 0 CONSTRAINT stock_backorder_limit_check CHECK (backorder_limit >= 0),
    ADD COLUMN backorder_days integer NOT NULL DEFAULT 0 CONSTRAINT stock_backorder_days_check CHECK (backorder_days >= 0),
    DROP CONSTRAINT stock_never_oversold,
    ADD CONSTRAINT stock_never_oversold CHECK (reserved <= on_hand + backorder_limit);

-- What of a product lies in a warehouse, by lot; what has no lot number has the empty one. Once a product has rows here, they add up to
-- stock.on_hand.
CREATE TABLE stock_lot (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES stock (product_id),
    warehouse_id uuid NOT NULL REFERENCES warehouse (id),
    number text NOT NULL DEFAULT '',
    -- The last day on which it is good.
    expires_on date,
    -- Its certificate.
    document_id uuid REFERENCES document (id),
    quantity numeric NOT NULL CONSTRAINT stock_lot_not_negative CHECK (quantity >= 0),
    created_at timestamptz NOT NULL,
    CONSTRAINT stock_lot_key UNIQUE (product_id, warehouse_id, number)
);
CREATE INDEX stock_lot_warehouse ON stock_lot (warehouse_id, product_id);
CREATE INDEX stock_lot_document ON stock_lot (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX stock_lot_expiring ON stock_lot (expires_on) WHERE quantity > 0;

CREATE TABLE stock_movement (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES stock (product_id),
    lot_id uuid NOT NULL REFERENCES stock_lot (id),
    -- In or, below zero, out.
    quantity numeric NOT NULL CHECK (quantity <> 0),
    reason text NOT NULL CHECK (reason IN ('opening', 'receipt', 'return', 'count', 'transfer', 'damage', 'loss', 'expiry', 'despatch')),
    note text,
    -- What led to it: a contract, a receipt.
    reference_id uuid,
    actor_id uuid,
    at timestamptz NOT NULL
);
CREATE INDEX stock_movement_product ON stock_movement (product_id, id);
CREATE INDEX stock_movement_lot ON stock_movement (lot_id);
CREATE INDEX stock_movement_reference ON stock_movement (reference_id) WHERE reference_id IS NOT NULL;
CREATE TRIGGER stock_movement_append_only BEFORE UPDATE OR DELETE ON stock_movement
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE expected_receipt (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES stock (product_id),
    warehouse_id uuid NOT NULL REFERENCES warehouse (id),
    quantity numeric NOT NULL CHECK (quantity > 0),
    expected_on date NOT NULL,
    note text,
    created_at timestamptz NOT NULL
);
CREATE INDEX expected_receipt_product ON expected_receipt (product_id, expected_on);
CREATE INDEX expected_receipt_warehouse ON expected_receipt (warehouse_id);

-- An identifier in the order of time, as the application makes them.
CREATE FUNCTION uuid_of_now() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT overlay(replace(gen_random_uuid()::text, '-', '')
        placing lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' FROM 1)::uuid
$$;

-- The lots follow the stock: whoever counts or imports a total need not know of them. What has come lies in a warehouse in use, without a lot
-- number if there is such a place, else in the lot that is good the longest; what is gone is of the lots that expire first. In the end
-- they always add up.
CREATE FUNCTION stock_lots_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    product uuid := NEW.product_id;
    rest numeric;
    part numeric;
    lot record;
    home uuid;
BEGIN
    SELECT s.on_hand - sum(l.quantity) INTO rest FROM stock s JOIN stock_lot l ON l.product_id = s.product_id
        WHERE s.product_id = product GROUP BY s.on_hand;
    IF rest IS NULL OR rest = 0 THEN
        RETURN NULL;
    END IF;
    IF rest > 0 THEN
        SELECT l.id INTO home FROM stock_lot l JOIN warehouse w ON w.id = l.warehouse_id
            WHERE l.product_id = product AND w.archived_at IS NULL AND (l.expires_on IS NULL OR l.expires_on >= current_date)
            ORDER BY l.number <> '', l.expires_on DESC NULLS FIRST, l.id LIMIT 1 FOR SHARE OF w;
        IF home IS NULL THEN
            INSERT INTO stock_lot (id, product_id, warehouse_id, quantity, created_at)
                SELECT uuid_of_now(), product, w.id, 0, now() FROM product p JOIN warehouse w ON w.seller_id = p.seller_id
                WHERE p.id = product ORDER BY w.archived_at IS NOT NULL, w.id LIMIT 1
                ON CONFLICT ON CONSTRAINT stock_lot_key DO UPDATE SET quantity = stock_lot.quantity RETURNING id INTO home;
        END IF;
    END IF;
    FOR lot IN SELECT * FROM stock_lot WHERE product_id = product AND (home IS NULL OR id = home) ORDER BY expires_on NULLS LAST, id LOOP
        part := CASE WHEN rest > 0 THEN rest ELSE -least(lot.quantity, -rest) END;
        CONTINUE WHEN part = 0;
        UPDATE stock_lot SET quantity = quantity + part WHERE id = lot.id;
        INSERT INTO stock_movement (id, product_id, lot_id, quantity, reason, at)
            VALUES (uuid_of_now(), product, lot.id, part, 'count', now());
        rest := rest - part;
        EXIT WHEN rest = 0;
    END LOOP;
    IF rest <> 0 THEN
        RAISE check_violation USING MESSAGE = 'the lots of a product add up to its stock', CONSTRAINT = 'stock_lots_add_up';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stock_lots_add_up AFTER UPDATE ON stock DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.on_hand <> NEW.on_hand) EXECUTE FUNCTION stock_lots_follow();
CREATE CONSTRAINT TRIGGER stock_lot_adds_up AFTER INSERT OR UPDATE ON stock_lot DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION stock_lots_follow();
