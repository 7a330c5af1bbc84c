ALTER TABLE order_line DROP COLUMN weight_unit, DROP COLUMN weight_nominal, DROP COLUMN weight_tolerance;
ALTER TABLE delivery_line DROP COLUMN weighed;
DROP TABLE contract_line_weight, catch_weight;
