DROP TABLE product_code;
ALTER TABLE product DROP COLUMN attributes;
DROP TABLE code_list_entry, code_list, category_attribute;
ALTER TABLE category DROP CONSTRAINT category_path_is_the_way, DROP COLUMN path;
