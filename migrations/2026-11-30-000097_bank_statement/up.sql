-- What banks say about the accounts of payees.
CREATE TABLE bank_statement (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    bank_account_id uuid NOT NULL REFERENCES bank_account (id),
    -- The bank's numbers of the message, of the statement, and, if it gives one, of the statement in the order of statements.
    message text NOT NULL CHECK (char_length(message) <= 140),
    number text NOT NULL CHECK (char_length(number) <= 140),
    sequence text CHECK (char_length(sequence) <= 140),
    currency text NOT NULL,
    opening numeric,
    closing numeric,
    -- A hash of what it says: another statement under the same number is refused.
    content bytea NOT NULL CHECK (octet_length(content) = 32),
    received_by uuid NOT NULL,
    received_at timestamptz NOT NULL,
    -- It is taken in once, however often it is sent.
    CONSTRAINT bank_statement_once UNIQUE NULLS NOT DISTINCT (bank_account_id, number, sequence)
);
CREATE INDEX bank_statement_organisation ON bank_statement (organisation_id, id);

-- Each movement, payment by payment, with what became of it.
CREATE TABLE bank_statement_entry (
    id uuid PRIMARY KEY,
    statement_id uuid NOT NULL REFERENCES bank_statement (id),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    bank_account_id uuid NOT NULL REFERENCES bank_account (id),
    -- The number of the movement in the statement, and of the payment in it, from 1.
    position integer NOT NULL CHECK (position > 0),
    part integer NOT NULL CHECK (part > 0),
    amount numeric NOT NULL CHECK (amount >= 0),
    currency text NOT NULL,
    is_credit boolean NOT NULL,
    is_reversal boolean NOT NULL,
    booked_on date,
    other_name text,
    other_account text,
    bank_reference text CHECK (char_length(bank_reference) <= 140),
    texts text[] NOT NULL,
    state text NOT NULL CHECK (state IN ('booked', 'partly_booked', 'open', 'known', 'ignored')),
    -- How sure the match is, or why there is none.
    reason text NOT NULL,
    -- Invoices that come into question.
    candidates uuid[] NOT NULL,
    payment_id uuid CONSTRAINT bank_statement_entry_payment UNIQUE REFERENCES payment (id),
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    CONSTRAINT bank_statement_entry_once UNIQUE (statement_id, position, part),
    CHECK ((payment_id IS NOT NULL) = (state IN ('booked', 'partly_booked')))
);
CREATE INDEX bank_statement_entry_state ON bank_statement_entry (statement_id, state, id);
CREATE INDEX bank_statement_entry_reference ON bank_statement_entry (bank_account_id, bank_reference)
    WHERE bank_reference IS NOT NULL;
CREATE INDEX bank_statement_entry_organisation ON bank_statement_entry (organisation_id, id);

-- Whose account money came from, and which payments wait for confirmation or were confirmed before the bank told of them.
CREATE INDEX bank_account_number ON bank_account (account_number);
CREATE INDEX payment_recorded ON payment (payee_id, currency, id) WHERE state = 'recorded';
CREATE INDEX payment_confirmed ON payment (payee_id, currency, paid_on) WHERE state = 'confirmed';
-- The open invoices that ask to be paid to an account.
CREATE INDEX invoice_open_to_account ON invoice (seller_id, bank_account_id, id) WHERE state IN ('issued', 'partly_paid');
