DROP INDEX product_by_sku;
DROP TABLE requisition_line;
DROP TABLE requisition_list;
