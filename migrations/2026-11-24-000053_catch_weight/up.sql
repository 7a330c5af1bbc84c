-- Products that are ordered by the piece and billed by what was weighed.
CREATE TABLE catch_weight (
    product_id uuid PRIMARY KEY REFERENCES product (id),
    unit text NOT NULL,
    -- What one of the base unit weighs.
    nominal numeric NOT NULL CHECK (nominal > 0),
    tolerance_percent numeric NOT NULL CHECK (tolerance_percent BETWEEN 0 AND 100)
);

-- The same as it was when a line of an order was priced: what is said later does not count for it.
ALTER TABLE order_line
    ADD COLUMN weight_unit text,
    -- What one of the base unit weighs.
    ADD COLUMN weight_nominal numeric CONSTRAINT order_line_weight_nominal_check CHECK (weight_nominal > 0),
    ADD COLUMN weight_tolerance numeric CONSTRAINT order_line_weight_tolerance_check CHECK (weight_tolerance BETWEEN 0 AND 100),
    ADD CONSTRAINT order_line_weight_check CHECK (num_nulls(weight_unit, weight_nominal, weight_tolerance) IN (0, 3));

-- The same as it was agreed on for a line of a contract, and how far its weighing has come.
CREATE TABLE contract_line_weight (
    contract_line_id uuid PRIMARY KEY REFERENCES contract_line (id),
    unit text NOT NULL,
    -- What one of the line's unit weighs.
    nominal numeric NOT NULL CHECK (nominal > 0),
    tolerance_percent numeric NOT NULL CHECK (tolerance_percent BETWEEN 0 AND 100),
    -- For one of the weighing unit.
    unit_price numeric NOT NULL CHECK (unit_price >= 0),
    -- Stock is counted in the weighing unit: what was weighed leaves it.
    counts_stock boolean NOT NULL,
    received numeric NOT NULL DEFAULT 0 CHECK (received >= 0),
    invoiced numeric NOT NULL DEFAULT 0 CHECK (invoiced BETWEEN 0 AND received)
);

ALTER TABLE delivery_line ADD COLUMN weighed numeric CONSTRAINT delivery_line_weighed_check CHECK (weighed > 0);
