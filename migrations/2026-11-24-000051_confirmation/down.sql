UPDATE purchase_order SET state = 'placed' WHERE state = 'confirmation_proposed';
UPDATE order_line SET confirmed_quantity = quantity WHERE confirmed_quantity > quantity;
ALTER TABLE contract DROP COLUMN cancel_asked_by;
DROP TABLE order_confirmation_line, order_confirmation;
ALTER TABLE order_line
    DROP COLUMN confirmed_price,
    DROP CONSTRAINT order_line_confirmed_check,
    ADD CONSTRAINT order_line_check CHECK (confirmed_quantity BETWEEN 0 AND quantity);
ALTER TABLE purchase_order
    DROP COLUMN shortage,
    DROP COLUMN backorder_of,
    DROP COLUMN expected_date,
    DROP CONSTRAINT purchase_order_state_check,
    ADD CONSTRAINT purchase_order_state_check CHECK (state IN ('draft', 'split', 'placed', 'confirmed', 'partly_confirmed',
        'declined', 'cancelled', 'expired'));
