-- A row of a step costs as much as one of an order or a trade. What these tell by themselves, that an order was accepted and how it was
-- filled, is not written once more: they say where in the journal it stands, and `exchange_order_step` puts all steps together.
ALTER TABLE exchange_order
    ADD COLUMN entry bigint,
    ADD COLUMN position integer,
    -- As it was sent: what came of it by amendments stands in `lots`, `price` and `trigger_price`.
    ADD COLUMN sent_lots bigint,
    ADD COLUMN sent_price bigint,
    ADD COLUMN sent_trigger_price bigint;
UPDATE exchange_order o SET entry = s.entry, position = s.position, sent_lots = s.lots, sent_price = s.price,
    sent_trigger_price = s.trigger_price
FROM exchange_step s WHERE s.order_id = o.id AND s.kind = 'accepted';
ALTER TABLE exchange_order
    ALTER COLUMN entry SET NOT NULL,
    ALTER COLUMN position SET NOT NULL,
    ALTER COLUMN sent_lots SET NOT NULL;
CREATE INDEX exchange_order_place ON exchange_order (organisation_id, stream_id, entry, position);

ALTER TABLE exchange_trade
    ADD COLUMN entry bigint,
    -- Where its two sides are told, and what was left of their orders.
    ADD COLUMN buy_position integer,
    ADD COLUMN sell_position integer,
    ADD COLUMN buy_open bigint,
    ADD COLUMN sell_open bigint;
UPDATE exchange_trade t SET entry = s.entry, buy_position = s.position, buy_open = s.open
FROM exchange_step s WHERE s.order_id = t.buy_order_id AND s.trade_id = t.id;
UPDATE exchange_trade t SET sell_position = s.position, sell_open = s.open
FROM exchange_step s WHERE s.order_id = t.sell_order_id AND s.trade_id = t.id;
ALTER TABLE exchange_trade
    ALTER COLUMN entry SET NOT NULL,
    ALTER COLUMN buy_position SET NOT NULL,
    ALTER COLUMN sell_position SET NOT NULL,
    ALTER COLUMN buy_open SET NOT NULL,
    ALTER COLUMN sell_open SET NOT NULL;
CREATE INDEX exchange_trade_buyer_place ON exchange_trade (buyer_id, stream_id, entry, buy_position);
CREATE INDEX exchange_trade_seller_place ON exchange_trade (seller_id, stream_id, entry, sell_position);
CREATE INDEX exchange_trade_buy_order ON exchange_trade (buy_order_id);
CREATE INDEX exchange_trade_sell_order ON exchange_trade (sell_order_id);
DROP INDEX exchange_trade_buyer, exchange_trade_seller;

-- The other steps.
DELETE FROM exchange_step WHERE kind IN ('accepted', 'filled');
ALTER TABLE exchange_step
    DROP CONSTRAINT exchange_step_kind_check,
    ADD CONSTRAINT exchange_step_kind_check CHECK (kind IN ('rested', 'elected', 'amended', 'decremented', 'ended')),
    DROP COLUMN trade_id;

-- What happened to orders, step by step: their audit trail, and what a company's own stream gives again.
CREATE VIEW exchange_order_step AS
    SELECT organisation_id, stream_id, entry, position, id AS order_id, 'accepted' AS kind, sent_price AS price,
        sent_trigger_price AS trigger_price, sent_lots AS lots, sent_lots AS open, NULL::uuid AS trade_id, NULL AS reason,
        NULL::boolean AS keeps_priority, created_at AS at
    FROM exchange_order
    UNION ALL
    SELECT buyer_id, stream_id, entry, buy_position, buy_order_id, 'filled', price, NULL, lots, buy_open, id, NULL, NULL, at
    FROM exchange_trade
    UNION ALL
    SELECT seller_id, stream_id, entry, sell_position, sell_order_id, 'filled', price, NULL, lots, sell_open, id, NULL, NULL, at
    FROM exchange_trade
    UNION ALL
    SELECT organisation_id, stream_id, entry, position, order_id, kind, price, trigger_price, lots, open, NULL, reason, keeps_priority, at
    FROM exchange_step;
