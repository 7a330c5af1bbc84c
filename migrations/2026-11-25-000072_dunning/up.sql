-- How a seller reminds of overdue invoices.
CREATE TABLE dunning_policy (
    seller_id uuid PRIMARY KEY REFERENCES organisation (id),
    version bigint NOT NULL
);

CREATE TABLE dunning_level (
    seller_id uuid NOT NULL REFERENCES dunning_policy (seller_id),
    level integer NOT NULL CHECK (level BETWEEN 1 AND 9),
    -- After the day on which the invoice was due.
    days integer NOT NULL CHECK (days BETWEEN 1 AND 3650),
    fee numeric CHECK (fee > 0),
    currency text,
    text text NOT NULL,
    PRIMARY KEY (seller_id, level),
    CHECK ((fee IS NULL) = (currency IS NULL))
);

-- What a buyer was reminded of.
CREATE TABLE dunning_notice (
    id uuid PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoice (id),
    level integer NOT NULL,
    -- In the currency of the invoice.
    fee numeric CHECK (fee > 0),
    text text NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT dunning_notice_once UNIQUE (invoice_id, level)
);
CREATE TRIGGER dunning_notice_append_only BEFORE UPDATE OR DELETE ON dunning_notice
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
