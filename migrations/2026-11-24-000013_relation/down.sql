DROP TABLE product_relation;
