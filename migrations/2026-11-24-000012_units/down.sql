ALTER TABLE contract_line DROP COLUMN base_quantity;
ALTER TABLE order_line DROP COLUMN base_quantity;
ALTER TABLE product DROP COLUMN packs;
