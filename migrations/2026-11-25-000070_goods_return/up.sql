-- What arrived beyond what was despatched. It is not billed.
ALTER TABLE delivery
    DROP CONSTRAINT delivery_state_check,
    ADD CONSTRAINT delivery_state_check CHECK (state IN
        ('despatched', 'received', 'received_short', 'received_over', 'received_damaged'));
ALTER TABLE delivery_line ADD COLUMN surplus numeric CONSTRAINT delivery_line_surplus_check CHECK (surplus >= 0);

-- Goods that the buyer asks to give back.
CREATE TABLE goods_return (
    id uuid PRIMARY KEY,
    contract_id uuid NOT NULL REFERENCES contract (id),
    -- Counted within the contract.
    number integer NOT NULL CHECK (number > 0),
    state text NOT NULL CHECK (state IN ('requested', 'accepted', 'refused', 'withdrawn', 'completed')),
    reason text NOT NULL,
    -- Why the seller refused.
    answer text,
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    decided_at timestamptz,
    completed_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT goods_return_number_key UNIQUE (contract_id, number),
    CHECK ((state = 'completed') = (completed_at IS NOT NULL)),
    CHECK (state <> 'refused' OR answer IS NOT NULL)
);

CREATE TABLE goods_return_line (
    return_id uuid NOT NULL REFERENCES goods_return (id),
    contract_line_id uuid NOT NULL REFERENCES contract_line (id),
    quantity numeric NOT NULL CHECK (quantity > 0),
    -- What came back: to stock, and to be written off.
    restocked numeric CHECK (restocked >= 0),
    written_off numeric CHECK (written_off >= 0),
    -- What that weighs, if it is billed by weight.
    weight numeric CHECK (weight >= 0),
    PRIMARY KEY (return_id, contract_line_id),
    CHECK ((restocked IS NULL) = (written_off IS NULL)),
    CHECK (restocked + written_off <= quantity)
);
CREATE INDEX goods_return_line_contract_line ON goods_return_line (contract_line_id);

-- The credit notes that a return led to.
CREATE TABLE goods_return_credit (
    return_id uuid NOT NULL REFERENCES goods_return (id),
    credit_note_id uuid NOT NULL CONSTRAINT goods_return_credit_once UNIQUE REFERENCES invoice (id),
    PRIMARY KEY (return_id, credit_note_id)
);
