-- What a company asks for before its orders are placed. A version is read whole and never changed.
CREATE TABLE approval_policy (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    version bigint NOT NULL CHECK (version > 0),
    document jsonb NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, version)
);
CREATE TRIGGER approval_policy_append_only BEFORE UPDATE OR DELETE ON approval_policy
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Somebody decides for somebody else for a time.
CREATE TABLE approval_delegation (
    id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    from_id uuid NOT NULL REFERENCES person (id),
    to_id uuid NOT NULL REFERENCES person (id),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    revoked_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (from_id <> to_id),
    CHECK (starts_at < ends_at)
);
CREATE INDEX approval_delegation_organisation ON approval_delegation (organisation_id, id);
CREATE INDEX approval_delegation_from ON approval_delegation (from_id);
CREATE INDEX approval_delegation_to ON approval_delegation (to_id);

-- Who changed an order, submitted it or accepted its changes, besides who made it: none of them decides on it.
CREATE TABLE order_author (
    order_id uuid NOT NULL REFERENCES purchase_order (id),
    person_id uuid NOT NULL,
    PRIMARY KEY (order_id, person_id)
);

ALTER TABLE purchase_order DROP CONSTRAINT purchase_order_state_check, DROP CONSTRAINT purchase_order_check;
ALTER TABLE purchase_order
    ADD CONSTRAINT purchase_order_state_check CHECK (state IN ('draft', 'awaiting_approval', 'split', 'placed', 'confirmation_proposed',
        'confirmation_in_approval', 'confirmed', 'partly_confirmed', 'declined', 'cancelled', 'expired')),
    -- Before it is placed an order may be for several sellers.
    ADD CONSTRAINT purchase_order_check CHECK (placed_at IS NULL OR seller_id IS NOT NULL);

-- One run of an order through the policy that was in force when it was submitted.
CREATE TABLE approval (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES purchase_order (id),
    round integer NOT NULL CHECK (round > 0),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    policy_version bigint NOT NULL,
    -- Who drafted, changed and submitted the order.
    requesters uuid[] NOT NULL CHECK (cardinality(requesters) > 0),
    state text NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'restarted', 'cancelled', 'expired')),
    submitted_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT approval_round_key UNIQUE (order_id, round),
    FOREIGN KEY (organisation_id, policy_version) REFERENCES approval_policy (organisation_id, version),
    CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX approval_open ON approval (order_id) WHERE state = 'open';
CREATE INDEX approval_policy_used ON approval (organisation_id, policy_version);

-- A step of it, with those who may decide.
CREATE TABLE approval_step (
    id uuid PRIMARY KEY,
    approval_id uuid NOT NULL REFERENCES approval (id),
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    chain integer NOT NULL,
    position integer NOT NULL,
    name text NOT NULL,
    -- Void: the round ended without it.
    state text NOT NULL CHECK (state IN ('waiting', 'open', 'approved', 'rejected', 'void')),
    persons uuid[] NOT NULL,
    roles text[] NOT NULL,
    quorum integer NOT NULL CHECK (quorum > 0),
    escalate_after_hours integer CHECK (escalate_after_hours > 0),
    escalate_persons uuid[] NOT NULL,
    escalate_roles text[] NOT NULL,
    opened_at timestamptz,
    escalated_at timestamptz
);
CREATE INDEX approval_step_approval ON approval_step (approval_id);
CREATE INDEX approval_step_organisation ON approval_step (organisation_id, id);
CREATE INDEX approval_step_open ON approval_step (organisation_id, id) WHERE state = 'open';

-- What was decided: who acted, and for whom.
CREATE TABLE approval_decision (
    id uuid PRIMARY KEY,
    step_id uuid NOT NULL REFERENCES approval_step (id),
    decision text NOT NULL CHECK (decision IN ('approved', 'rejected')),
    decided_by uuid NOT NULL,
    on_behalf_of uuid NOT NULL,
    reason text CHECK (decision = 'approved' OR reason IS NOT NULL),
    decided_at timestamptz NOT NULL,
    CONSTRAINT approval_decision_by_once UNIQUE (step_id, decided_by),
    CONSTRAINT approval_decision_for_once UNIQUE (step_id, on_behalf_of)
);
CREATE INDEX approval_decision_by ON approval_decision (decided_by);
CREATE TRIGGER approval_decision_append_only BEFORE UPDATE OR DELETE ON approval_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_own_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM approval_step s JOIN approval a ON a.id = s.approval_id
        WHERE s.id = NEW.step_id AND a.requesters && ARRAY[NEW.decided_by, NEW.on_behalf_of]
    ) THEN
        RAISE EXCEPTION 'nobody decides on their own order' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_decision_not_own BEFORE INSERT ON approval_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_own_approval();
