ALTER TABLE catalogue_entry
    DROP CONSTRAINT catalogue_entry_of_offer,
    ADD CONSTRAINT catalogue_entry_id_fkey FOREIGN KEY (id) REFERENCES offer (id),
    ADD CONSTRAINT catalogue_entry_portal_id_fkey FOREIGN KEY (portal_id) REFERENCES portal (id),
    ADD CONSTRAINT catalogue_entry_seller_id_fkey FOREIGN KEY (seller_id) REFERENCES organisation (id),
    ADD CONSTRAINT catalogue_entry_product_id_fkey FOREIGN KEY (product_id) REFERENCES product (id);
CREATE INDEX product_search ON product USING gin (search);
