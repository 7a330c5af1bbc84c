DROP TABLE order_line, purchase_order;
DROP SEQUENCE purchase_order_number;
