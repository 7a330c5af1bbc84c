ALTER TABLE order_line
    DROP COLUMN price_proposal_id,
    DROP CONSTRAINT order_line_price_source_check,
    ADD CONSTRAINT order_line_price_source_check CHECK (price_source IN ('list', 'tier', 'price_list'));
DROP TABLE price_proposal_round, price_proposal;
