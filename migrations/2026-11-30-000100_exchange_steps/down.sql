ALTER TABLE exchange_step
    DROP CONSTRAINT exchange_step_kind_check,
    ADD COLUMN trade_id uuid;
INSERT INTO exchange_step (organisation_id, stream_id, entry, position, order_id, kind, price, trigger_price, lots, open, trade_id, at)
SELECT organisation_id, stream_id, entry, position, order_id, kind, price, trigger_price, lots, open, trade_id, at
FROM exchange_order_step WHERE kind IN ('accepted', 'filled');
DROP VIEW exchange_order_step;
ALTER TABLE exchange_step
    ADD CONSTRAINT exchange_step_kind_check
        CHECK (kind IN ('accepted', 'rested', 'filled', 'elected', 'amended', 'decremented', 'ended'));

CREATE INDEX exchange_trade_buyer ON exchange_trade (buyer_id, id);
CREATE INDEX exchange_trade_seller ON exchange_trade (seller_id, id);
DROP INDEX exchange_trade_buyer_place, exchange_trade_seller_place, exchange_trade_buy_order, exchange_trade_sell_order;
ALTER TABLE exchange_trade DROP COLUMN entry, DROP COLUMN buy_position, DROP COLUMN sell_position, DROP COLUMN buy_open,
    DROP COLUMN sell_open;

DROP INDEX exchange_order_place;
ALTER TABLE exchange_order DROP COLUMN entry, DROP COLUMN position, DROP COLUMN sent_lots, DROP COLUMN sent_price,
    DROP COLUMN sent_trigger_price;
