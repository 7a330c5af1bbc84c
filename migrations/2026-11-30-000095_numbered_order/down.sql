DROP INDEX product_by_gtin;
DROP INDEX purchase_order_reference;
DROP TABLE numbered_order;
