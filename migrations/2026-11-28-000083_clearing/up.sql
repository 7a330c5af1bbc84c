-- The trades of markets that have become contracts, each once.
CREATE TABLE exchange_cleared_trade (
    stream_id uuid NOT NULL REFERENCES journal_stream (id),
    -- 1, 2, 3 … in its market.
    number bigint NOT NULL CHECK (number > 0),
    -- None where trades of the two companies have offset each other and nothing is left.
    contract_id uuid REFERENCES contract (id),
    cleared_at timestamptz NOT NULL,
    PRIMARY KEY (stream_id, number)
);
CREATE INDEX exchange_cleared_trade_contract ON exchange_cleared_trade (contract_id);
CREATE TRIGGER exchange_cleared_trade_append_only BEFORE UPDATE OR DELETE ON exchange_cleared_trade
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE contract
    DROP CONSTRAINT contract_origin_kind_check,
    ADD CONSTRAINT contract_origin_kind_check CHECK (origin_kind IN ('order', 'clearing'));

-- What is charged beside goods: freight, or what is owed for trades that were offset at another price.
ALTER TABLE contract_line
    DROP CONSTRAINT contract_line_kind_check,
    ADD CONSTRAINT contract_line_kind_check CHECK (kind IN ('goods', 'freight', 'difference'));

-- By how much the weight may be less, where that is another share than by how much it may be more.
ALTER TABLE contract_line_weight
    ADD COLUMN less_percent numeric CONSTRAINT contract_line_weight_less_percent_check CHECK (less_percent BETWEEN 0 AND 100);
