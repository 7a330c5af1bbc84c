-- How measured qualities change the price of a line of a contract, as it was agreed on.
CREATE TABLE contract_line_differential (
    contract_line_id uuid NOT NULL REFERENCES contract_line (id),
    parameter text NOT NULL,
    position integer NOT NULL CHECK (position > 0),
    -- What it is measured in, if it has a unit.
    unit text,
    base numeric NOT NULL,
    step numeric NOT NULL CHECK (step > 0),
    -- For each whole step above or below the base the price of one unit changes by so much.
    price_above numeric NOT NULL,
    price_below numeric NOT NULL,
    -- Beyond these it is not of the grade.
    least numeric CHECK (least <= base),
    most numeric CHECK (most >= base),
    PRIMARY KEY (contract_line_id, parameter)
);

-- What was measured of a line of a delivery.
CREATE TABLE delivery_measurement (
    delivery_id uuid NOT NULL,
    contract_line_id uuid NOT NULL,
    parameter text NOT NULL,
    -- By the seller as it despatched.
    stated numeric,
    -- By the buyer as it received.
    found numeric,
    PRIMARY KEY (delivery_id, contract_line_id, parameter),
    FOREIGN KEY (delivery_id, contract_line_id) REFERENCES delivery_line (delivery_id, contract_line_id),
    FOREIGN KEY (contract_line_id, parameter) REFERENCES contract_line_differential (contract_line_id, parameter),
    CHECK (num_nonnulls(stated, found) > 0)
);
CREATE INDEX delivery_measurement_differential ON delivery_measurement (contract_line_id, parameter);

-- What a delivery brought in good order of a line whose price depends on what was measured, in the unit in which it is billed.
CREATE TABLE delivery_part (
    delivery_id uuid NOT NULL,
    contract_line_id uuid NOT NULL,
    -- By what was measured.
    unit_price numeric NOT NULL CHECK (unit_price >= 0),
    received numeric NOT NULL CHECK (received > 0),
    -- On invoices, or not to be invoiced any more.
    invoiced numeric NOT NULL CHECK (invoiced BETWEEN 0 AND received),
    -- Back with the seller.
    returned numeric NOT NULL CHECK (returned BETWEEN 0 AND received),
    PRIMARY KEY (delivery_id, contract_line_id),
    FOREIGN KEY (delivery_id, contract_line_id) REFERENCES delivery_line (delivery_id, contract_line_id)
);
CREATE INDEX delivery_part_contract_line ON delivery_part (contract_line_id);

-- What of a market's trades became contracts at once.
CREATE TABLE exchange_clearing (
    id uuid PRIMARY KEY,
    portal_id uuid NOT NULL REFERENCES portal (id),
    cleared_at timestamptz NOT NULL
);
CREATE INDEX exchange_clearing_portal ON exchange_clearing (portal_id, id);
CREATE TRIGGER exchange_clearing_append_only BEFORE UPDATE OR DELETE ON exchange_clearing
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What the trades of two companies in an instrument came to.
CREATE TABLE exchange_cleared_pair (
    clearing_id uuid NOT NULL REFERENCES exchange_clearing (id),
    position integer NOT NULL CHECK (position > 0),
    instrument_id uuid NOT NULL REFERENCES instrument (id),
    first_id uuid NOT NULL REFERENCES organisation (id),
    second_id uuid NOT NULL REFERENCES organisation (id),
    -- How many trades.
    trades integer NOT NULL CHECK (trades > 0),
    -- None where they have offset each other and nothing is left.
    contract_id uuid REFERENCES contract (id),
    PRIMARY KEY (clearing_id, position),
    CHECK (first_id < second_id)
);
-- Whoever looks for its own clearings.
CREATE INDEX exchange_cleared_pair_first ON exchange_cleared_pair (first_id, clearing_id);
CREATE INDEX exchange_cleared_pair_second ON exchange_cleared_pair (second_id, clearing_id);
CREATE INDEX exchange_cleared_pair_instrument ON exchange_cleared_pair (instrument_id);
CREATE INDEX exchange_cleared_pair_contract ON exchange_cleared_pair (contract_id);
CREATE TRIGGER exchange_cleared_pair_append_only BEFORE UPDATE OR DELETE ON exchange_cleared_pair
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What was cleared so far: each transaction was a clearing. Its identifier is a UUIDv7 of its time, so that lists keep their order.
CREATE TEMPORARY TABLE cleared_so_far ON COMMIT DROP AS
    SELECT c.stream_id, s.portal_id, c.cleared_at, c.contract_id, t.instrument_id,
        least(t.buyer_id, t.seller_id) AS first_id, greatest(t.buyer_id, t.seller_id) AS second_id,
        min(c.number) AS number, count(*)::integer AS trades,
        (lpad(to_hex((extract(epoch FROM c.cleared_at) * 1000)::bigint), 12, '0') || '7'
            || left(md5(c.stream_id::text || c.cleared_at::text), 3) || '8'
            || right(md5(c.stream_id::text || c.cleared_at::text), 15))::uuid AS clearing_id
    FROM exchange_cleared_trade c
    JOIN journal_stream s ON s.id = c.stream_id
    JOIN exchange_trade t ON t.stream_id = c.stream_id AND t.number = c.number
    GROUP BY c.stream_id, s.portal_id, c.cleared_at, c.contract_id, t.instrument_id, first_id, second_id;
INSERT INTO exchange_clearing (id, portal_id, cleared_at)
    SELECT DISTINCT clearing_id, portal_id, cleared_at FROM cleared_so_far;
INSERT INTO exchange_cleared_pair (clearing_id, position, instrument_id, first_id, second_id, trades, contract_id)
    SELECT clearing_id, row_number() OVER (PARTITION BY clearing_id ORDER BY number), instrument_id, first_id, second_id, trades,
        contract_id
    FROM cleared_so_far;
