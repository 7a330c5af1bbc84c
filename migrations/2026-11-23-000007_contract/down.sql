ALTER TABLE purchase_order DROP COLUMN contract_id;
DROP TABLE delivery_line, delivery, contract_signature, contract_amendment, contract_line, contract;
DROP SEQUENCE contract_number;
