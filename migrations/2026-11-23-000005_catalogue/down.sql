DROP TABLE price_list_tier, price_list_buyer, price_list, offer_tier, offer, stock, product, category;
