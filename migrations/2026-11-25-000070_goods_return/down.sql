DROP TABLE goods_return_credit, goods_return_line, goods_return;
ALTER TABLE delivery_line DROP COLUMN surplus;
UPDATE delivery SET state = 'received' WHERE state = 'received_over';
ALTER TABLE delivery
    DROP CONSTRAINT delivery_state_check,
    ADD CONSTRAINT delivery_state_check CHECK (state IN
        ('despatched', 'received', 'received_short', 'received_damaged'));
