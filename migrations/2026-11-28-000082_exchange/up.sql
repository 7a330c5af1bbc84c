-- Orders and trades say their market by the first half of its identifier.
CREATE UNIQUE INDEX journal_stream_prefix ON journal_stream (left(id::text, 18));

-- The tables below follow the journal of their market and can be made of it again. What they speak of was there before
-- the journal spoke of it; foreign keys would be checked row by row and cost more than the writing.

-- An order: prices in ticks, quantities in lots of the instrument.
CREATE TABLE exchange_order (
    id uuid PRIMARY KEY,
    stream_id uuid NOT NULL,
    instrument_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    client_order_id text NOT NULL,
    side text NOT NULL CHECK (side IN ('buy', 'sell')),
    order_type text NOT NULL CHECK (order_type IN ('limit', 'market', 'stop', 'stop_limit', 'iceberg')),
    time_in_force text NOT NULL CHECK (time_in_force IN ('gtc', 'day', 'gtd', 'ioc', 'fok', 'at_open', 'at_close')),
    expires_at timestamptz,
    price bigint,
    trigger_price bigint,
    display bigint,
    min_lots bigint,
    post_only boolean NOT NULL,
    linked_to uuid,
    lots bigint NOT NULL,
    filled bigint NOT NULL,
    open bigint NOT NULL,
    -- The sum of price × lots over its fills.
    turnover numeric NOT NULL,
    state text NOT NULL CHECK (state IN ('live', 'filled', 'ended')),
    end_reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK (filled >= 0 AND open >= 0 AND (state = 'ended') = (end_reason IS NOT NULL))
);
CREATE INDEX exchange_order_organisation ON exchange_order (organisation_id, id);
CREATE INDEX exchange_order_live ON exchange_order (organisation_id, id) WHERE state = 'live';

-- What happened to an order, step by step: its audit trail, and what a company's own stream gives again.
CREATE TABLE exchange_step (
    organisation_id uuid NOT NULL,
    stream_id uuid NOT NULL,
    -- The entry of the journal, and the place among its events.
    entry bigint NOT NULL,
    position integer NOT NULL,
    order_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('accepted', 'rested', 'filled', 'elected', 'amended', 'decremented', 'ended')),
    price bigint,
    trigger_price bigint,
    lots bigint,
    open bigint,
    trade_id uuid,
    reason text,
    keeps_priority boolean,
    at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, stream_id, entry, position)
);
CREATE INDEX exchange_step_order ON exchange_step (order_id, entry, position);

CREATE TABLE exchange_trade (
    id uuid PRIMARY KEY,
    stream_id uuid NOT NULL,
    instrument_id uuid NOT NULL,
    -- 1, 2, 3 … in its market.
    number bigint NOT NULL,
    session integer NOT NULL,
    price bigint NOT NULL,
    lots bigint NOT NULL,
    -- The side of the order that came in; none in a call auction.
    aggressor text CHECK (aggressor IN ('buy', 'sell')),
    buyer_id uuid NOT NULL,
    seller_id uuid NOT NULL,
    buy_order_id uuid NOT NULL,
    sell_order_id uuid NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX exchange_trade_instrument ON exchange_trade (instrument_id, id);
CREATE INDEX exchange_trade_buyer ON exchange_trade (buyer_id, id);
CREATE INDEX exchange_trade_seller ON exchange_trade (seller_id, id);

-- Open, high, low and close of the trades of a stretch of time; stretches without trades have none.
CREATE TABLE exchange_candle (
    instrument_id uuid NOT NULL,
    resolution text NOT NULL CHECK (resolution IN ('1m', '5m', '1h', '1d')),
    start timestamptz NOT NULL,
    stream_id uuid NOT NULL,
    open bigint NOT NULL,
    high bigint NOT NULL,
    low bigint NOT NULL,
    close bigint NOT NULL,
    lots bigint NOT NULL,
    turnover numeric NOT NULL,
    trades bigint NOT NULL,
    PRIMARY KEY (instrument_id, resolution, start)
);
