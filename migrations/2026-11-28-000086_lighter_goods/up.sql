-- What is searched is catalogue_entry: products by text are looked for nowhere.
DROP INDEX product_search;

-- Product and seller of an entry are those of its offer, whose portal never changes: one check instead of four for each new row.
ALTER TABLE catalogue_entry
    DROP CONSTRAINT catalogue_entry_id_fkey,
    DROP CONSTRAINT catalogue_entry_portal_id_fkey,
    DROP CONSTRAINT catalogue_entry_seller_id_fkey,
    DROP CONSTRAINT catalogue_entry_product_id_fkey,
    ADD CONSTRAINT catalogue_entry_of_offer FOREIGN KEY (id, product_id, seller_id) REFERENCES offer (id, product_id, seller_id);
