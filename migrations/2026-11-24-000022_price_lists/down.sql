DROP TRIGGER offer_currency_changed ON offer;
DROP FUNCTION offer_keep_currency();
DROP TRIGGER offer_tier_removed ON offer_tier;
DROP TRIGGER offer_tier_changed ON offer_tier;
DROP TRIGGER offer_tier_since ON offer_tier;
DROP TRIGGER price_list_changed ON price_list;
DROP TRIGGER price_list_since ON price_list;
DROP TRIGGER price_list_buyer_removed ON price_list_buyer;
DROP TRIGGER price_list_tier_removed ON price_list_tier;
DROP TRIGGER price_list_tier_changed ON price_list_tier;
DROP TRIGGER price_list_tier_since ON price_list_tier;
DROP TRIGGER price_list_tier_belongs ON price_list_tier;
DROP TRIGGER buyer_group_member_removed ON buyer_group_member;
DROP TABLE offer_tier_past, offer_currency_past, price_list_past, price_list_buyer_past, price_list_group_past, price_list_category_past,
    buyer_group_member_past, price_list_tier_past, price_list_group, price_list_category;
DROP FUNCTION keep_past(), holds_since_now(), price_list_tier_belongs();
ALTER TABLE offer_tier DROP COLUMN since;
ALTER TABLE buyer_group_member DROP COLUMN since;
ALTER TABLE price_list_buyer DROP COLUMN since;

-- Only the editions in force stay, under the ids of their lists, and only prices.
DELETE FROM price_list_tier t WHERE unit_price IS NULL OR from_quantity = 0
    OR NOT EXISTS (SELECT FROM price_list l WHERE l.edition_id = t.edition_id);
UPDATE price_list_tier SET edition_id = l.id FROM price_list l WHERE l.edition_id = price_list_tier.edition_id;
ALTER TABLE price_list_tier
    DROP CONSTRAINT price_list_tier_one_amount,
    DROP CONSTRAINT price_list_tier_from_quantity_check,
    ADD CONSTRAINT price_list_tier_from_quantity_check CHECK (from_quantity > 0),
    DROP COLUMN since,
    DROP COLUMN discount_percent,
    ALTER COLUMN unit_price SET NOT NULL;
ALTER TABLE price_list_tier RENAME COLUMN edition_id TO price_list_id;
UPDATE price_list SET currency = 'EUR' WHERE currency IS NULL;
ALTER TABLE price_list
    DROP COLUMN since,
    DROP COLUMN discount_percent,
    DROP COLUMN priority,
    DROP COLUMN everyone,
    DROP COLUMN edition_id,
    ALTER COLUMN currency SET NOT NULL;
DROP TABLE price_list_edition;
ALTER TABLE price_list_tier
    ADD CONSTRAINT price_list_tier_price_list_id_fkey FOREIGN KEY (price_list_id) REFERENCES price_list (id),
    ADD CONSTRAINT price_list_tier_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES offer (id);
CREATE INDEX price_list_tier_offer ON price_list_tier (offer_id);
