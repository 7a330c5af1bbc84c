ALTER TABLE delivery_line DROP COLUMN weighed;
DROP TABLE contract_line_weight, catch_weight;
