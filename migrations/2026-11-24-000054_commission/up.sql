-- What the operator charges sellers on a portal, and which organisation bills it.
CREATE TABLE commission_terms (
    portal_id uuid PRIMARY KEY REFERENCES portal (id),
    billed_by uuid NOT NULL REFERENCES organisation (id),
    tax_category text NOT NULL CHECK (tax_category IN ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')),
    tax_rate numeric NOT NULL CHECK (tax_rate BETWEEN 0 AND 100),
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX commission_terms_billed_by ON commission_terms (billed_by);

-- Of a category and those below it; without a category, of everything else.
CREATE TABLE commission_rate (
    id uuid PRIMARY KEY,
    portal_id uuid NOT NULL REFERENCES commission_terms (portal_id),
    category_id uuid REFERENCES category (id),
    percent numeric NOT NULL CHECK (percent BETWEEN 0 AND 100),
    CONSTRAINT commission_rate_once UNIQUE NULLS NOT DISTINCT (portal_id, category_id)
);
CREATE INDEX commission_rate_category ON commission_rate (category_id) WHERE category_id IS NOT NULL;

-- The commission of a line that was sold: its rate is fixed with the sale.
CREATE TABLE commission (
    contract_line_id uuid PRIMARY KEY REFERENCES contract_line (id),
    portal_id uuid NOT NULL REFERENCES portal (id),
    seller_id uuid NOT NULL REFERENCES organisation (id),
    billed_by uuid NOT NULL REFERENCES organisation (id),
    currency text NOT NULL,
    tax_category text NOT NULL,
    tax_rate numeric NOT NULL,
    percent numeric NOT NULL CHECK (percent > 0 AND percent <= 100),
    -- Invoiced by the seller and not credited, and what is charged for that.
    net numeric NOT NULL DEFAULT 0 CHECK (net >= 0),
    charged numeric NOT NULL DEFAULT 0 CHECK (charged >= 0)
);
CREATE INDEX commission_seller ON commission (seller_id);
CREATE INDEX commission_portal ON commission (portal_id);
CREATE INDEX commission_billed_by ON commission (billed_by);

-- What a seller is charged in a month, issued when the month is over.
CREATE TABLE commission_statement (
    id uuid PRIMARY KEY,
    seller_id uuid NOT NULL REFERENCES organisation (id),
    billed_by uuid NOT NULL REFERENCES organisation (id),
    currency text NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    state text NOT NULL CHECK (state IN ('open', 'issued')),
    number text,
    net numeric NOT NULL DEFAULT 0,
    tax numeric NOT NULL DEFAULT 0,
    gross numeric NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    issued_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT commission_statement_once UNIQUE (seller_id, billed_by, currency, month),
    CONSTRAINT commission_statement_number_key UNIQUE (billed_by, number),
    CHECK (gross = net + tax),
    CHECK ((state = 'issued') = (number IS NOT NULL AND issued_at IS NOT NULL))
);
CREATE INDEX commission_statement_seller ON commission_statement (seller_id, id);
CREATE INDEX commission_statement_billed_by ON commission_statement (billed_by, id);

CREATE TABLE commission_entry (
    id uuid PRIMARY KEY,
    statement_id uuid NOT NULL REFERENCES commission_statement (id),
    contract_line_id uuid NOT NULL REFERENCES commission (contract_line_id),
    -- The seller's invoice or credit note.
    invoice_id uuid NOT NULL REFERENCES invoice (id),
    -- Negative where something was given back.
    amount numeric NOT NULL CHECK (amount <> 0),
    at timestamptz NOT NULL,
    CONSTRAINT commission_entry_once UNIQUE (invoice_id, contract_line_id)
);
CREATE INDEX commission_entry_statement ON commission_entry (statement_id, id);
CREATE INDEX commission_entry_line ON commission_entry (contract_line_id);
CREATE TRIGGER commission_entry_append_only BEFORE UPDATE OR DELETE ON commission_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What is issued stays as it is. Whoever adds an entry holds its statement.
CREATE FUNCTION refuse_entry_of_issued_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM commission_statement WHERE id = NEW.statement_id AND state <> 'open') THEN
        RAISE EXCEPTION 'commission statement % is issued', NEW.statement_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER commission_entry_while_open BEFORE INSERT ON commission_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_entry_of_issued_statement();

ALTER TABLE ledger_entry
    DROP CONSTRAINT ledger_entry_subject_kind_check,
    ADD CONSTRAINT ledger_entry_subject_kind_check CHECK (subject_kind IN ('invoice', 'payment', 'commission'));
