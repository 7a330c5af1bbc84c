DELETE FROM timer WHERE kind = 'standing_order.due';
DROP TABLE standing_order_run, standing_order_line, standing_order;
