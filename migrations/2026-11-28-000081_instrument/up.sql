-- What is traded on the exchange of a portal, and the days by which its phases go.
CREATE TABLE trading_schedule (
    id uuid PRIMARY KEY,
    portal_id uuid NOT NULL REFERENCES portal (id),
    name text NOT NULL CHECK (name <> ''),
    -- A zone of the IANA time zone database.
    time_zone text NOT NULL CHECK (time_zone <> ''),
    -- [{"at": "09:00:00", "phase": "pre_open"}, …], in local time, of each trading day.
    steps jsonb NOT NULL CHECK (CASE WHEN jsonb_typeof(steps) = 'array' THEN jsonb_array_length(steps) BETWEEN 2 AND 48 ELSE false END),
    weekdays text[] NOT NULL CHECK (cardinality(weekdays) BETWEEN 1 AND 7 AND weekdays <@ '{mon,tue,wed,thu,fri,sat,sun}'),
    holidays date[] NOT NULL DEFAULT '{}' CHECK (cardinality(holidays) <= 1000 AND array_position(holidays, NULL) IS NULL),
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at timestamptz NOT NULL,
    CONSTRAINT trading_schedule_name_key UNIQUE (portal_id, name),
    -- For instruments, which take schedules of their own portal alone.
    CONSTRAINT trading_schedule_portal_key UNIQUE (id, portal_id)
);

CREATE TABLE instrument (
    id uuid PRIMARY KEY,
    portal_id uuid NOT NULL REFERENCES portal (id),
    -- Kept when it is delisted, too: trades and contracts name it.
    code text NOT NULL CHECK (code ~ '^[A-Z0-9][A-Z0-9.-]{1,39}$'),
    name jsonb NOT NULL CHECK (jsonb_typeof(name) = 'object' AND name <> '{}'),
    category_id uuid REFERENCES category (id),
    grade text NOT NULL CHECK (grade <> ''),
    -- [{"parameter": "diameter", "value": "12", "unit": "MMT"}, …]
    specification jsonb NOT NULL CHECK (jsonb_typeof(specification) = 'array'),
    unit text NOT NULL CHECK (unit <> ''),
    lot_size numeric NOT NULL CHECK (lot_size > 0 AND scale(trim_scale(lot_size)) <= 6),
    tick_size numeric NOT NULL CHECK (tick_size > 0 AND scale(trim_scale(tick_size)) <= 6),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    incoterm text NOT NULL CHECK (incoterm IN ('EXW', 'FCA', 'CPT', 'CIP', 'DAP', 'DPU', 'DDP', 'FAS', 'FOB', 'CFR', 'CIF')),
    incoterm_place text NOT NULL CHECK (incoterm_place <> ''),
    delivery_from date NOT NULL,
    delivery_to date NOT NULL,
    -- How far prices may lie from the reference price, in millionths of it.
    band_up_ppm integer CHECK (band_up_ppm BETWEEN 0 AND 10000000),
    band_down_ppm integer CHECK (band_down_ppm BETWEEN 0 AND 999999),
    volatility_ppm integer CHECK (volatility_ppm BETWEEN 1 AND 10000000),
    self_trade text NOT NULL CHECK (self_trade IN ('cancel_resting', 'cancel_incoming', 'cancel_both', 'decrement')),
    guarantee text NOT NULL CHECK (guarantee IN ('none', 'limit', 'full')),
    max_live_orders integer CHECK (max_live_orders > 0),
    max_session_lots bigint CHECK (max_session_lots BETWEEN 1 AND 1000000000000000),
    -- [{"parameter": "protein", "base": "12.5", "step": "0.5", "price_above": "3", "price_below": "-4", "least": "11"}, …]
    differentials jsonb NOT NULL CHECK (jsonb_typeof(differentials) = 'array'),
    -- How far the delivered quantity may differ from the agreed one, in millionths of it.
    tolerance_more_ppm integer NOT NULL CHECK (tolerance_more_ppm BETWEEN 0 AND 1000000),
    tolerance_less_ppm integer NOT NULL CHECK (tolerance_less_ppm BETWEEN 0 AND 999999),
    tax_category text NOT NULL CHECK (tax_category IN ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')),
    tax_rate numeric NOT NULL CHECK (tax_rate BETWEEN 0 AND 100 AND scale(trim_scale(tax_rate)) <= 2),
    payment_days integer NOT NULL CHECK (payment_days BETWEEN 0 AND 365),
    -- The one that it is listed with; later ones are the market's.
    reference_price numeric,
    schedule_id uuid,
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at timestamptz NOT NULL,
    -- Since when it has been traded: from then on what is delivered for a trade stays as it is.
    traded_at timestamptz,
    delisted_at timestamptz,
    CONSTRAINT instrument_code_key UNIQUE (portal_id, code),
    CONSTRAINT instrument_schedule FOREIGN KEY (schedule_id, portal_id) REFERENCES trading_schedule (id, portal_id)
        ON DELETE SET NULL (schedule_id),
    CHECK (delivery_from <= delivery_to),
    CHECK ((band_up_ppm IS NULL) = (band_down_ppm IS NULL)),
    CHECK ((tax_category = 'S') = (tax_rate > 0)),
    -- A tick of a lot; what a market can count.
    CHECK (tick_size * lot_size <= 1000000000),
    CHECK (reference_price > 0 AND reference_price % tick_size = 0 AND reference_price <= tick_size * 1000000000000)
);
CREATE INDEX instrument_category ON instrument (category_id) WHERE category_id IS NOT NULL;
CREATE INDEX instrument_trading_schedule ON instrument (schedule_id, portal_id) WHERE schedule_id IS NOT NULL;

-- What orders, trades and holdings are counted in never changes.
CREATE TRIGGER instrument_fixed BEFORE UPDATE ON instrument FOR EACH ROW
    WHEN ((OLD.portal_id, OLD.code, OLD.unit, OLD.lot_size, OLD.tick_size, OLD.currency, OLD.guarantee)
        IS DISTINCT FROM (NEW.portal_id, NEW.code, NEW.unit, NEW.lot_size, NEW.tick_size, NEW.currency, NEW.guarantee))
    EXECUTE FUNCTION refuse_change();
