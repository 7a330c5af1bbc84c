DROP TABLE exchange_candle;
DROP TABLE exchange_trade;
DROP TABLE exchange_step;
DROP TABLE exchange_order;
DROP INDEX journal_stream_prefix;
