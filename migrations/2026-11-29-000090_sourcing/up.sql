-- Requests for quotation, quotes, and what comes of them. What a request asks for and what a quote offers are documents of the domain, kept
-- as JSON; beside them stands what is looked for, what collides, and what the database itself has to guard.

CREATE TABLE rfq (
    id uuid PRIMARY KEY,
    portal_id uuid NOT NULL REFERENCES portal (id),
    buyer_id uuid NOT NULL REFERENCES organisation (id),
    state text NOT NULL CHECK (state IN
        ('draft', 'published', 'questions_closed', 'closed', 'evaluating', 'awarded', 'cancelled')),
    -- What it asks for and on which terms, as it stands.
    terms jsonb NOT NULL CHECK (jsonb_typeof(terms) = 'object'),
    -- Of the terms: 0 while it is a draft, 1 at its publication, one more with each amendment.
    terms_version integer NOT NULL CHECK (terms_version >= 0),
    -- Quotes to versions before this one lapse at the deadline unless they are confirmed.
    last_to_confirm integer NOT NULL DEFAULT 0 CHECK (last_to_confirm <= terms_version),
    -- The round of quotes that runs, or was the last one; what is said of those after the first.
    round smallint NOT NULL DEFAULT 1 CHECK (round > 0),
    rounds jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(rounds) = 'array'),
    -- What requests are looked for by.
    visibility text NOT NULL CHECK (visibility IN ('portal', 'invited', 'both')),
    secrecy text NOT NULL CHECK (secrecy IN ('sealed', 'open_ranking')),
    categories uuid[] NOT NULL,
    questions_until timestamptz NOT NULL,
    quotes_until timestamptz NOT NULL,
    -- The auction that is its last round.
    auction_id uuid REFERENCES auction (id),
    copied_from uuid REFERENCES rfq (id),
    cancel_reason text,
    -- Who put it together; none where a machine did.
    author_id uuid REFERENCES person (id),
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at timestamptz NOT NULL,
    published_at timestamptz,
    closed_at timestamptz,
    CHECK ((terms_version = 0) = (published_at IS NULL)),
    CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL))
);
-- Lists of a portal: the newest, and those that end soonest, perhaps of one state; and of a buyer.
CREATE INDEX rfq_portal ON rfq (portal_id, id);
CREATE INDEX rfq_portal_end ON rfq (portal_id, quotes_until, id);
CREATE INDEX rfq_portal_state ON rfq (portal_id, state, quotes_until, id);
CREATE INDEX rfq_buyer ON rfq (buyer_id, id);
CREATE INDEX rfq_categories ON rfq USING gin (categories);
CREATE INDEX rfq_auction ON rfq (auction_id) WHERE auction_id IS NOT NULL;
CREATE INDEX rfq_author ON rfq (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX rfq_copied_from ON rfq (copied_from) WHERE copied_from IS NOT NULL;

-- Each version that was published, as it was.
CREATE TABLE rfq_version (
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    number integer NOT NULL CHECK (number > 0),
    terms jsonb NOT NULL,
    -- What quoters learn that it changes.
    changes jsonb NOT NULL,
    needs_confirmation boolean NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (rfq_id, number)
);
CREATE TRIGGER rfq_version_append_only BEFORE UPDATE OR DELETE ON rfq_version
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Companies to which a request came: by invitation, since they subscribed, or since they quoted to it.
CREATE TABLE rfq_recipient (
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    via text NOT NULL CHECK (via IN ('invitation', 'subscription', 'portal')),
    received_at timestamptz NOT NULL,
    -- It has said that it does not quote.
    declined_at timestamptz,
    reason text,
    PRIMARY KEY (rfq_id, organisation_id)
);
CREATE INDEX rfq_recipient_organisation ON rfq_recipient (organisation_id, rfq_id);

-- Applications, where the buyer admits who may quote.
CREATE TABLE rfq_application (
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    state text NOT NULL CHECK (state IN ('applied', 'admitted', 'rejected')),
    note text,
    document_ids uuid[] NOT NULL,
    reason text,
    applied_at timestamptz NOT NULL,
    decided_at timestamptz,
    PRIMARY KEY (rfq_id, organisation_id)
);
CREATE INDEX rfq_application_organisation ON rfq_application (organisation_id, rfq_id);

CREATE TABLE rfq_question (
    id uuid PRIMARY KEY,
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    -- Shown to nobody else.
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    question text NOT NULL CHECK (question <> ''),
    asked_at timestamptz NOT NULL,
    answer text CHECK (answer <> ''),
    answered_at timestamptz,
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX rfq_question_rfq ON rfq_question (rfq_id, id);
CREATE INDEX rfq_question_organisation ON rfq_question (organisation_id);

-- Who opened which envelopes, and when.
CREATE TABLE rfq_opening (
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    round smallint NOT NULL,
    envelope text NOT NULL CHECK (envelope IN ('whole', 'technical', 'commercial')),
    person_id uuid NOT NULL REFERENCES person (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (rfq_id, round, envelope, person_id)
);
CREATE INDEX rfq_opening_person ON rfq_opening (person_id);
CREATE TRIGGER rfq_opening_append_only BEFORE UPDATE OR DELETE ON rfq_opening
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE quote (
    id uuid PRIMARY KEY,
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    quoter_id uuid NOT NULL REFERENCES organisation (id),
    state text NOT NULL CHECK (state IN
        ('draft', 'submitted', 'revised', 'withdrawn', 'awarded', 'not_awarded', 'expired', 'lapsed', 'declined')),
    -- What the quoter is putting together, sealed.
    draft bytea,
    -- The revision that stands; 0 before the first one.
    revision integer NOT NULL DEFAULT 0 CHECK (revision >= 0),
    -- The version of the request that it answers.
    answers integer NOT NULL DEFAULT 0 CHECK (answers >= 0),
    -- Since when there is a submission that was not withdrawn: among equals the earlier one goes first.
    submitted_at timestamptz,
    -- Why the buyer has excluded it.
    reason text,
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at timestamptz NOT NULL,
    CONSTRAINT quote_once UNIQUE (rfq_id, quoter_id),
    CHECK ((revision = 0) <= (state = 'draft'))
);
CREATE INDEX quote_quoter ON quote (quoter_id, id);

-- Each quote as it was handed in, sealed under the key of the service.
CREATE TABLE quote_revision (
    quote_id uuid NOT NULL REFERENCES quote (id),
    number integer NOT NULL CHECK (number > 0),
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    round smallint NOT NULL CHECK (round > 0),
    kind text NOT NULL CHECK (kind IN ('submitted', 'revised', 'confirmed', 'negotiated')),
    answers integer NOT NULL CHECK (answers > 0),
    content bytea NOT NULL,
    -- By envelope, in hexadecimal; none of quotes that are open from the beginning.
    commitments jsonb NOT NULL CHECK (jsonb_typeof(commitments) = 'object'),
    person_id uuid REFERENCES person (id),
    at timestamptz NOT NULL,
    -- The last envelope of it that was opened.
    opened text CHECK (opened IN ('whole', 'technical', 'commercial')),
    PRIMARY KEY (quote_id, number)
);
CREATE INDEX quote_revision_rfq ON quote_revision (rfq_id, at);
CREATE INDEX quote_revision_person ON quote_revision (person_id) WHERE person_id IS NOT NULL;

-- What was handed in stays as it was; all that may happen to it is to be opened.
CREATE FUNCTION quote_revision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    opened quote_revision := NEW;
BEGIN
    opened.opened := OLD.opened;
    IF TG_OP = 'DELETE' OR opened IS DISTINCT FROM OLD OR NEW.opened IS NULL THEN
        RAISE EXCEPTION 'rows of quote_revision are not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quote_revision_stays BEFORE UPDATE OR DELETE ON quote_revision
    FOR EACH ROW EXECUTE FUNCTION quote_revision_stays();

-- What the buyer says of a quote.
CREATE TABLE quote_evaluation (
    quote_id uuid PRIMARY KEY REFERENCES quote (id),
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    -- By the keys of the criteria.
    scores jsonb NOT NULL CHECK (jsonb_typeof(scores) = 'object'),
    -- For the rest of the way, in the currency of comparison.
    allowance numeric CHECK (allowance >= 0),
    -- The alternatives that are as good as what was asked for: [line, variant].
    accepted jsonb NOT NULL CHECK (jsonb_typeof(accepted) = 'array'),
    note text,
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    at timestamptz NOT NULL
);
CREATE INDEX quote_evaluation_rfq ON quote_evaluation (rfq_id);

-- Counter-offers about one quote, with their history.
CREATE TABLE quote_negotiation (
    id uuid PRIMARY KEY,
    quote_id uuid NOT NULL REFERENCES quote (id),
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    state text NOT NULL CHECK (state IN
        ('quoter_to_answer', 'buyer_to_answer', 'accepted', 'rejected', 'withdrawn', 'expired')),
    content jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object'),
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX quote_negotiation_open ON quote_negotiation (quote_id)
    WHERE state IN ('quoter_to_answer', 'buyer_to_answer');
CREATE INDEX quote_negotiation_quote ON quote_negotiation (quote_id, id);
CREATE INDEX quote_negotiation_rfq ON quote_negotiation (rfq_id);

-- One decision of the buyer, and what it needs before it is announced.
CREATE TABLE rfq_decision (
    id uuid PRIMARY KEY,
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    reason text NOT NULL CHECK (reason <> ''),
    decided_by uuid REFERENCES person (id),
    decided_at timestamptz NOT NULL,
    -- Of the buyer's approval policy, where that asks for consent.
    policy_version bigint,
    requesters uuid[] NOT NULL,
    -- The steps with what was decided on them.
    approval jsonb,
    CHECK ((policy_version IS NULL) = (approval IS NULL))
);
CREATE INDEX rfq_decision_rfq ON rfq_decision (rfq_id, id);
CREATE INDEX rfq_decision_person ON rfq_decision (decided_by) WHERE decided_by IS NOT NULL;

-- What one quoter is awarded by it.
CREATE TABLE rfq_award (
    id uuid PRIMARY KEY,
    decision_id uuid NOT NULL REFERENCES rfq_decision (id),
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    quote_id uuid NOT NULL REFERENCES quote (id),
    quoter_id uuid NOT NULL REFERENCES organisation (id),
    state text NOT NULL CHECK (state IN
        ('awaiting_approval', 'announced', 'concluded', 'refused', 'declined', 'rescinded')),
    part jsonb NOT NULL CHECK (jsonb_typeof(part) = 'object'),
    -- When its contract can be made; none is at once.
    standstill_until timestamptz,
    contract_id uuid REFERENCES contract (id),
    letter_id uuid REFERENCES document (id),
    -- Why it ended otherwise.
    end_reason text,
    announced_at timestamptz,
    ended_at timestamptz,
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    CONSTRAINT rfq_award_once UNIQUE (decision_id, quote_id)
);
CREATE INDEX rfq_award_rfq ON rfq_award (rfq_id, id);
CREATE INDEX rfq_award_quote ON rfq_award (quote_id);
CREATE INDEX rfq_award_quoter ON rfq_award (quoter_id, id);
CREATE INDEX rfq_award_contract ON rfq_award (contract_id) WHERE contract_id IS NOT NULL;
CREATE INDEX rfq_award_letter ON rfq_award (letter_id) WHERE letter_id IS NOT NULL;

-- Prices and quantities for a period.
CREATE TABLE framework_agreement (
    id uuid PRIMARY KEY,
    award_id uuid NOT NULL REFERENCES rfq_award (id),
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    portal_id uuid NOT NULL REFERENCES portal (id),
    buyer_id uuid NOT NULL REFERENCES organisation (id),
    seller_id uuid NOT NULL REFERENCES organisation (id),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    content jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object'),
    -- The version of the request that was quoted, and the quote: their words are those of the contracts.
    terms_version integer NOT NULL,
    quote_id uuid NOT NULL REFERENCES quote (id),
    revision integer NOT NULL,
    first_day date NOT NULL,
    ends_on date NOT NULL CHECK (ends_on > first_day),
    created_at timestamptz NOT NULL,
    CONSTRAINT framework_agreement_once UNIQUE (award_id),
    FOREIGN KEY (rfq_id, terms_version) REFERENCES rfq_version (rfq_id, number),
    FOREIGN KEY (quote_id, revision) REFERENCES quote_revision (quote_id, number)
);
CREATE INDEX framework_agreement_buyer ON framework_agreement (buyer_id, id);
CREATE INDEX framework_agreement_seller ON framework_agreement (seller_id, id);
CREATE INDEX framework_agreement_rfq ON framework_agreement (rfq_id, terms_version);
CREATE INDEX framework_agreement_portal ON framework_agreement (portal_id);
CREATE INDEX framework_agreement_quote ON framework_agreement (quote_id, revision);

-- An order from it. It stands as long as its contract does.
CREATE TABLE framework_call_off (
    id uuid PRIMARY KEY,
    framework_id uuid NOT NULL REFERENCES framework_agreement (id),
    lines jsonb NOT NULL CHECK (jsonb_typeof(lines) = 'array'),
    contract_id uuid NOT NULL REFERENCES contract (id),
    person_id uuid REFERENCES person (id),
    at timestamptz NOT NULL
);
CREATE INDEX framework_call_off_framework ON framework_call_off (framework_id, id);
CREATE INDEX framework_call_off_contract ON framework_call_off (contract_id);
CREATE INDEX framework_call_off_person ON framework_call_off (person_id) WHERE person_id IS NOT NULL;

-- Requests that are kept to be sent again.
CREATE TABLE rfq_template (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    name text NOT NULL CHECK (name <> ''),
    data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object'),
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at timestamptz NOT NULL,
    CONSTRAINT rfq_template_name UNIQUE (organisation_id, name)
);
CREATE INDEX rfq_template_organisation ON rfq_template (organisation_id, id);

-- Which requests of a portal a company wants to be told of: those that ask for one of these categories or what is below them; of all, if
-- none is named.
CREATE TABLE rfq_subscription (
    portal_id uuid NOT NULL REFERENCES portal (id),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    categories uuid[] NOT NULL,
    version bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (portal_id, organisation_id)
);
CREATE INDEX rfq_subscription_organisation ON rfq_subscription (organisation_id);

-- Documents that a request or a quote names, and who may read them for that. They get no other files from then on.
CREATE TABLE rfq_document (
    document_id uuid NOT NULL REFERENCES document (id),
    rfq_id uuid NOT NULL REFERENCES rfq (id),
    -- The request, or the quote to it.
    holder_id uuid NOT NULL,
    -- `quoters`: all who know of the request; `buyer`: the buyer; `nobody`: it lies in a sealed envelope.
    audience text NOT NULL CHECK (audience IN ('quoters', 'buyer', 'nobody')),
    PRIMARY KEY (document_id, holder_id)
);
CREATE INDEX rfq_document_rfq ON rfq_document (rfq_id);
CREATE INDEX rfq_document_holder ON rfq_document (holder_id);

ALTER TABLE contract
    DROP CONSTRAINT contract_origin_kind_check,
    ADD CONSTRAINT contract_origin_kind_check CHECK (origin_kind IN ('order', 'clearing', 'auction', 'award', 'call_off'));

ALTER TABLE document
    DROP CONSTRAINT document_subject_kind_check,
    ADD CONSTRAINT document_subject_kind_check CHECK (subject_kind IN
        ('organisation', 'product', 'order', 'contract', 'delivery', 'invoice', 'auction', 'rfq'));
