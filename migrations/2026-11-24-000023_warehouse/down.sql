DROP TRIGGER stock_lots_add_up ON stock;
DROP TABLE expected_receipt, stock_movement, stock_lot;
DROP FUNCTION stock_lots_follow(), uuid_of_now();
-- What was promised beyond the stock cannot be kept here.
UPDATE stock SET reserved = on_hand WHERE reserved > on_hand;
ALTER TABLE stock
    DROP CONSTRAINT stock_never_oversold,
    ADD CONSTRAINT stock_never_oversold CHECK (reserved <= on_hand),
    DROP COLUMN backorder_days,
    DROP COLUMN backorder_limit;
DROP TABLE warehouse;
