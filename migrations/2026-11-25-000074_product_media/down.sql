ALTER TABLE product DROP COLUMN image_id;
DROP TABLE product_media_left, product_media_preview, product_media;
