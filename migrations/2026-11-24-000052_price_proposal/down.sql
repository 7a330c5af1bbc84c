-- Without their proposals, negotiated prices stand as those of the offer.
ALTER TABLE order_line DROP CONSTRAINT order_line_price_proposal_check;
UPDATE order_line SET price_source = 'list' WHERE price_source = 'proposal';
ALTER TABLE order_line
    DROP COLUMN price_proposal_id,
    DROP CONSTRAINT order_line_price_source_check,
    ADD CONSTRAINT order_line_price_source_check CHECK (price_source IN ('list', 'tier', 'price_list'));
DROP TABLE price_proposal_round, price_proposal;
