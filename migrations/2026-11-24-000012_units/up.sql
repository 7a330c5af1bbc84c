-- Units that hold so many of the base unit: [{"unit": "XBE", "name": {}, "quantity_of_base": "2.4"}].
ALTER TABLE product ADD COLUMN packs jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(packs) = 'array');

-- What was ordered, in the product's base unit: stock is counted in it.
ALTER TABLE order_line ADD COLUMN base_quantity numeric;
UPDATE order_line SET base_quantity = quantity;
ALTER TABLE order_line ALTER COLUMN base_quantity SET NOT NULL, ADD CHECK (base_quantity > 0);
ALTER TABLE contract_line ADD COLUMN base_quantity numeric;
UPDATE contract_line SET base_quantity = quantity;
ALTER TABLE contract_line ALTER COLUMN base_quantity SET NOT NULL, ADD CHECK (base_quantity > 0);
