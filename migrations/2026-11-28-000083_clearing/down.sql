ALTER TABLE contract_line_weight DROP COLUMN less_percent;
-- What was agreed on stays.
ALTER TABLE contract_line
    DROP CONSTRAINT contract_line_kind_check,
    ADD CONSTRAINT contract_line_kind_check CHECK (kind IN ('goods', 'freight')) NOT VALID;
ALTER TABLE contract
    DROP CONSTRAINT contract_origin_kind_check,
    ADD CONSTRAINT contract_origin_kind_check CHECK (origin_kind IN ('order')) NOT VALID;
DROP TABLE exchange_cleared_trade;
