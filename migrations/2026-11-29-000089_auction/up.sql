-- Auctions of surplus stock. What is put together, admitted and agreed on is kept here like anything else; how bidding goes is decided by
-- the state machine of the portal's auctions, whose journal the tables further down follow.

CREATE TABLE auction (
    id uuid PRIMARY KEY,
    portal_id uuid NOT NULL REFERENCES portal (id),
    -- Who holds it: the seller, or the buyer where suppliers undercut each other.
    seller_id uuid NOT NULL REFERENCES organisation (id),
    state text NOT NULL CHECK (state IN ('draft', 'scheduled', 'open', 'sold', 'unsold', 'offered', 'relisted', 'cancelled')),
    -- As it was sent in last: names, format, times, prices, lots, terms, tax.
    input jsonb NOT NULL CHECK (jsonb_typeof(input) = 'object'),
    -- By which the state machine runs it, made of that.
    rules jsonb NOT NULL CHECK (jsonb_typeof(rules) = 'object'),
    -- What auctions are looked for by.
    format text NOT NULL CHECK (format IN
        ('english', 'reverse_english', 'dutch', 'sealed_first_price', 'sealed_second_price', 'hybrid')),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    access text NOT NULL CHECK (access IN ('open', 'qualified', 'invited')),
    disclosure text NOT NULL CHECK (disclosure IN ('parties', 'participants', 'public')),
    opens_at timestamptz NOT NULL,
    -- The end of its last lot, as far as it is known.
    ends_at timestamptz NOT NULL,
    -- What a bidder has to have deposited before it bids.
    deposit numeric NOT NULL CHECK (deposit >= 0),
    -- From which pseudonyms and nonces follow: 32 random bytes, sealed.
    secret bytea NOT NULL,
    -- The auction in whose place it stands.
    relisted_from uuid REFERENCES auction (id),
    -- Asked for, and told to the state machine by whoever hosts it.
    cancelled_at timestamptz,
    cancel_reason text,
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at timestamptz NOT NULL,
    published_at timestamptz,
    -- All of it is settled: nobody has to look at it any more.
    settled_at timestamptz,
    CHECK ((state = 'draft') <= (published_at IS NULL))
);
-- Lists of a portal: the newest, and those that end soonest, perhaps of one state, format or currency.
CREATE INDEX auction_portal ON auction (portal_id, id);
CREATE INDEX auction_portal_end ON auction (portal_id, ends_at, id);
CREATE INDEX auction_portal_state ON auction (portal_id, state, ends_at, id);
CREATE INDEX auction_portal_format ON auction (portal_id, format, ends_at, id);
CREATE INDEX auction_portal_currency ON auction (portal_id, currency, ends_at, id);
CREATE INDEX auction_seller ON auction (seller_id, id);
CREATE INDEX auction_relisted_from ON auction (relisted_from) WHERE relisted_from IS NOT NULL;
CREATE INDEX auction_unsettled ON auction (portal_id, id) WHERE published_at IS NOT NULL AND settled_at IS NULL;

-- Who bids, or would like to.
CREATE TABLE auction_bidder (
    auction_id uuid NOT NULL REFERENCES auction (id),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    state text NOT NULL CHECK (state IN ('invited', 'applied', 'admitted', 'refused', 'withdrawn')),
    -- What the company says with its application, or the seller with its refusal.
    note text,
    -- Under which it bids there; known once it is admitted by the state machine.
    pseudonym text CHECK (length(pseudonym) = 8),
    created_at timestamptz NOT NULL,
    decided_at timestamptz,
    PRIMARY KEY (auction_id, organisation_id),
    CONSTRAINT auction_bidder_pseudonym UNIQUE (auction_id, pseudonym)
);
CREATE INDEX auction_bidder_organisation ON auction_bidder (organisation_id, auction_id);

CREATE TABLE auction_question (
    id uuid PRIMARY KEY,
    auction_id uuid NOT NULL REFERENCES auction (id),
    -- Shown to nobody else.
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    question text NOT NULL CHECK (question <> ''),
    asked_at timestamptz NOT NULL,
    answer text CHECK (answer <> ''),
    answered_at timestamptz,
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX auction_question_auction ON auction_question (auction_id, id);
CREATE INDEX auction_question_organisation ON auction_question (organisation_id);

-- Money that a company has paid in as a security, or was paid out: recorded by the operator.
CREATE TABLE deposit_payment (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    direction text NOT NULL CHECK (direction IN ('in', 'out')),
    amount numeric NOT NULL CHECK (amount > 0),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- Of the bank.
    reference text NOT NULL CHECK (reference <> ''),
    at timestamptz NOT NULL
);
CREATE INDEX deposit_payment_organisation ON deposit_payment (organisation_id, id);
CREATE TRIGGER deposit_payment_append_only BEFORE UPDATE OR DELETE ON deposit_payment
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What of that is bound for an auction, or was.
CREATE TABLE auction_deposit (
    id uuid PRIMARY KEY,
    auction_id uuid NOT NULL REFERENCES auction (id),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    amount numeric NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    state text NOT NULL CHECK (state IN ('held', 'released', 'taken')),
    held_at timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK ((state = 'held') = (ended_at IS NULL))
);
-- One at a time.
CREATE UNIQUE INDEX auction_deposit_held ON auction_deposit (auction_id, organisation_id) WHERE state = 'held';
CREATE INDEX auction_deposit_auction ON auction_deposit (auction_id, organisation_id);
CREATE INDEX auction_deposit_organisation ON auction_deposit (organisation_id, id);

ALTER TABLE account
    DROP CONSTRAINT account_kind_check,
    ADD CONSTRAINT account_kind_check CHECK (kind IN
        ('receivable', 'payable', 'revenue', 'purchases', 'tax_due', 'tax_paid', 'cash', 'deposits', 'deposits_held', 'forfeits', 'fees'));

-- Each of these is posted about the payment, or about the deposit, once.
ALTER TABLE ledger_entry
    DROP CONSTRAINT ledger_entry_subject_kind_check,
    ADD CONSTRAINT ledger_entry_subject_kind_check CHECK (subject_kind IN
        ('invoice', 'payment', 'commission', 'deposit_payment', 'deposit_hold', 'deposit_release', 'deposit_taking'));

ALTER TABLE contract
    DROP CONSTRAINT contract_origin_kind_check,
    ADD CONSTRAINT contract_origin_kind_check CHECK (origin_kind IN ('order', 'clearing', 'auction'));

ALTER TABLE document
    DROP CONSTRAINT document_subject_kind_check,
    ADD CONSTRAINT document_subject_kind_check CHECK (subject_kind IN
        ('organisation', 'product', 'order', 'contract', 'delivery', 'invoice', 'auction'));

-- The tables below follow the journal of the portal's auctions. What they speak of was there before the journal spoke of it.

-- How a lot stands. Prices are of one unit, in minor units of the currency.
CREATE TABLE auction_lot (
    auction_id uuid NOT NULL,
    number smallint NOT NULL CHECK (number > 0),
    phase text NOT NULL CHECK (phase IN ('scheduled', 'bidding', 'falling', 'sealing', 'opening', 'topping', 'closed')),
    -- What became of it, after its close as well.
    state text NOT NULL CHECK (state IN ('scheduled', 'open', 'sold', 'unsold', 'offered', 'relisted', 'cancelled')),
    ends_at timestamptz NOT NULL,
    price bigint,
    leader text,
    reserve_met boolean NOT NULL,
    units_left bigint,
    -- How many acts its history holds, and the hash of the last one; none before the first.
    entries integer NOT NULL,
    last_hash bytea,
    changes bigint NOT NULL,
    outcome text CHECK (outcome IN ('sold', 'no_bids', 'reserve_not_met', 'undersubscribed', 'cancelled')),
    closed_at timestamptz,
    -- What follows from its close was done: contracts, deposits.
    settled_at timestamptz,
    PRIMARY KEY (auction_id, number),
    CHECK ((phase = 'closed') = (outcome IS NOT NULL))
);
CREATE INDEX auction_lot_to_settle ON auction_lot (closed_at) WHERE closed_at IS NOT NULL AND settled_at IS NULL;

-- The history of a lot: every act in order, chained by hashes.
CREATE TABLE auction_entry (
    auction_id uuid NOT NULL,
    lot smallint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    at timestamptz NOT NULL,
    act text NOT NULL CHECK (act IN ('bid', 'buy_now', 'accept', 'seal', 'unseal', 'top', 'strike_out')),
    bidder text NOT NULL,
    price bigint,
    units bigint NOT NULL,
    commitment bytea NOT NULL CHECK (length(commitment) = 32),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (auction_id, lot, number)
);
CREATE INDEX auction_entry_struck_out ON auction_entry (auction_id, bidder) WHERE act = 'strike_out';

-- What a company was answered to its acts, for itself alone.
CREATE TABLE auction_receipt (
    auction_id uuid NOT NULL,
    lot smallint NOT NULL,
    number integer NOT NULL,
    organisation_id uuid NOT NULL,
    maximum bigint,
    units bigint NOT NULL,
    nonce bytea,
    -- Of a sealed bid, once it was opened.
    opened_price bigint,
    void text,
    at timestamptz NOT NULL,
    PRIMARY KEY (auction_id, lot, number)
);
CREATE INDEX auction_receipt_organisation ON auction_receipt (organisation_id, auction_id, lot, number);

-- Who gets what.
CREATE TABLE auction_award (
    id uuid PRIMARY KEY,
    auction_id uuid NOT NULL,
    lot smallint NOT NULL,
    organisation_id uuid NOT NULL,
    pseudonym text NOT NULL,
    -- The bid that won; none where the second bidder took an offer.
    number integer,
    units bigint NOT NULL CHECK (units > 0),
    price bigint NOT NULL,
    at timestamptz NOT NULL,
    -- Once it was settled; none while it is not.
    contract_id uuid REFERENCES contract (id),
    -- The winner did not keep its word.
    defaulted_at timestamptz,
    -- Who asked first to give the contract up, and when it ended so.
    given_up_by uuid,
    given_up_at timestamptz,
    -- The offer that the second bidder took.
    offer_id uuid,
    CHECK ((given_up_by IS NULL) = (given_up_at IS NULL)),
    CHECK ((number IS NULL) = (offer_id IS NOT NULL)),
    CONSTRAINT auction_award_offer_once UNIQUE (offer_id),
    CONSTRAINT auction_award_once UNIQUE (auction_id, lot, organisation_id, number)
);
CREATE INDEX auction_award_organisation ON auction_award (organisation_id, id);
CREATE INDEX auction_award_contract ON auction_award (contract_id) WHERE contract_id IS NOT NULL;
CREATE INDEX auction_award_to_settle ON auction_award (auction_id, lot, organisation_id) WHERE contract_id IS NULL;

-- The best bid of those who won nothing.
CREATE TABLE auction_runner_up (
    auction_id uuid NOT NULL,
    lot smallint NOT NULL,
    pseudonym text NOT NULL,
    price bigint NOT NULL,
    PRIMARY KEY (auction_id, lot)
);

-- An unsold lot offered to the second bidder.
CREATE TABLE auction_offer (
    id uuid PRIMARY KEY,
    auction_id uuid NOT NULL REFERENCES auction (id),
    lot smallint NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    -- Under which the seller knows it until it accepts.
    pseudonym text NOT NULL,
    price bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'withdrawn', 'expired')),
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    answered_at timestamptz,
    CHECK ((state = 'open') = (answered_at IS NULL))
);
CREATE UNIQUE INDEX auction_offer_open ON auction_offer (auction_id, lot) WHERE state = 'open';
CREATE INDEX auction_offer_auction ON auction_offer (auction_id, id);
CREATE INDEX auction_offer_organisation ON auction_offer (organisation_id, id);
ALTER TABLE auction_award ADD CONSTRAINT auction_award_offer FOREIGN KEY (offer_id) REFERENCES auction_offer (id);
