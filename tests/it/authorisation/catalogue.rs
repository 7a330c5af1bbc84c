use super::{Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // Categories.
    row("GET /v1/categories", &[], "", Seller, [200, 200, 200, 200, 200]),
    row("POST /v1/categories", &[], r#"{"code": "c-$number", "name": {"en": "Things"}}"#, Seller, [401, 403, 403, 403, 201]),
    row("GET /v1/categories/{id}", &["category"], "", Seller, [200, 200, 200, 200, 200]),
    row("PATCH /v1/categories/{id}", &["category"], r#"{"name": {"en": "Goods"}}"#, Seller, [401, 403, 403, 403, 200]),
    row("GET /v1/categories/{id}/attributes", &["category"], "", Seller, [200, 200, 200, 200, 200]),
    row("POST /v1/categories/{id}/attributes", &["category"], r#"{"key": "colour", "name": {"en": "Colour"}, "kind": "text"}"#, Seller, [401, 403, 403, 403, 201]),
    row("GET /v1/categories/{id}/attributes/{key}", &["category", "attribute"], "", Seller, [200, 200, 200, 200, 200]),
    row("PATCH /v1/categories/{id}/attributes/{key}", &["category", "attribute"], r#"{"required": true}"#, Seller, [401, 403, 403, 403, 200]),
    row("DELETE /v1/categories/{id}/attributes/{key}", &["category", "attribute"], "", Seller, [401, 403, 403, 403, 204]),
    // Code lists.
    row("GET /v1/code-lists", &[], "", Seller, [200, 200, 200, 200, 200]),
    row("POST /v1/code-lists", &[], CODE_LIST, Seller, [401, 403, 403, 403, 201]),
    row("GET /v1/code-lists/{key}", &["code_list"], "", Seller, [200, 200, 200, 200, 200]),
    row("POST /v1/code-lists/{key}/load", &["okpd2"], "", Seller, [401, 403, 403, 403, 201]),
    row("POST /v1/code-lists/{key}/categories", &["code_list"], "{}", Seller, [401, 403, 403, 403, 200]),
    row("GET /v1/code-lists/{key}/codes", &["code_list"], "", Seller, [200, 200, 200, 200, 200]),
    row("GET /v1/units", &[], "", Seller, [200, 200, 200, 200, 200]),
    // Products and stock.
    row("GET /v1/products", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("POST /v1/products", &[], r#"{"product": {"sku": "N-$number", "name": {"en": "New"}, "base_unit": "C62", "tax": {"category": "S", "rate": "19"}}}"#, Seller, [401, 201, 403, 201, 403]),
    row("GET /v1/products/{id}", &["product"], "", Seller, [401, 404, 200, 200, 403]),
    row("PATCH /v1/products/{id}", &["product"], r#"{"name": {"en": "Better"}}"#, Seller, [401, 404, 403, 200, 403]),
    row("DELETE /v1/products/{id}", &["product"], "", Seller, [401, 404, 403, 204, 403]),
    row("GET /v1/products/{id}/stock", &["product"], "", Seller, [401, 404, 200, 200, 403]),
    row("GET /v1/products/{id}/relations", &["product"], "", Seller, [401, 404, 200, 200, 403]),
    row("PUT /v1/products/{id}/relations", &["product"], "{}", Seller, [401, 404, 403, 200, 403]),
    row("PUT /v1/products/{id}/stock", &["product"], r#"{"on_hand": "7"}"#, Seller, [401, 404, 403, 200, 403]),
    row("GET /v1/products/{id}/lots", &["product"], "", Seller, [401, 404, 200, 200, 403]),
    row("GET /v1/products/{id}/stock-movements", &["product"], "", Seller, [401, 404, 200, 200, 403]),
    row("POST /v1/products/{id}/stock-movements", &["product"], r#"{"warehouse_id": "$warehouse", "reason": "receipt", "quantity": "4"}"#, Seller, [401, 404, 403, 201, 403]),
    row("GET /v1/products/{id}/expected-receipts", &["product"], "", Seller, [401, 404, 200, 200, 403]),
    row("POST /v1/products/{id}/expected-receipts", &["product"], r#"{"warehouse_id": "$warehouse", "quantity": "4", "expected_on": "2100-01-01"}"#, Seller, [401, 404, 403, 201, 403]),
    row("DELETE /v1/products/{id}/expected-receipts/{receipt}", &["product", "expected_receipt"], "", Seller, [401, 404, 403, 204, 403]),
    row("GET /v1/products/{id}/backorders", &["product"], "", Seller, [401, 404, 200, 200, 403]),
    row("PUT /v1/products/{id}/backorders", &["product"], r#"{"rule": "allowed", "limit": "7"}"#, Seller, [401, 404, 403, 200, 403]),
    row("GET /v1/warehouses", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("POST /v1/warehouses", &[], r#"{"name": "Warehouse $number"}"#, Seller, [401, 201, 403, 201, 403]),
    row("GET /v1/warehouses/{id}", &["warehouse"], "", Seller, [401, 404, 200, 200, 403]),
    row("PATCH /v1/warehouses/{id}", &["warehouse"], r#"{"city": "Kiel"}"#, Seller, [401, 404, 403, 200, 403]),
    row("DELETE /v1/warehouses/{id}", &["warehouse"], "", Seller, [401, 404, 403, 204, 403]),
    // Images and data sheets.
    row("GET /v1/products/{id}/media", &["product"], "", Seller, [401, 404, 200, 200, 403]),
    row("POST /v1/products/{id}/media", &["product"], MEDIA, Seller, [401, 404, 403, 201, 403]),
    row("GET /v1/products/{id}/media/{media}", &["product", "media"], "", Seller, [401, 404, 200, 200, 403]),
    row("GET /v1/products/{id}/media/{media}/content", &["product", "media"], "", Seller, [401, 404, 200, 200, 403]),
    row("PATCH /v1/products/{id}/media/{media}", &["product", "media"], r#"{"position": 1}"#, Seller, [401, 404, 403, 200, 403]),
    row("DELETE /v1/products/{id}/media/{media}", &["product", "media"], "", Seller, [401, 404, 403, 204, 403]),
    row("GET /v1/portals/{portal}/catalogue/{offer}/media/{media}", &["portal", "offer", "offer_media"], "", Seller, [200, 200, 200, 200, 200]),
    // Offers.
    row("GET /v1/portals/{portal}/offers", &["portal"], "", Seller, [401, 200, 200, 200, 403]),
    row("POST /v1/portals/{portal}/offers", &["portal"], r#"{"product_id": "$product", "tiers": [{"from": "1", "unit_price": {"amount": "1", "currency": "EUR"}}]}"#, Seller, [401, 403, 403, 201, 403]),
    row("GET /v1/portals/{portal}/offers/{id}", &["portal", "offer"], "", Seller, [401, 404, 200, 200, 403]),
    row("PATCH /v1/portals/{portal}/offers/{id}", &["portal", "offer"], r#"{"tiers": [{"from": "1", "unit_price": {"amount": "3", "currency": "EUR"}}]}"#, Seller, [401, 403, 403, 200, 403]),
    row("POST /v1/portals/{portal}/offers/{id}/publish", &["portal", "withdrawn_offer"], "", Seller, [401, 403, 403, 200, 403]),
    row("POST /v1/portals/{portal}/offers/{id}/withdraw", &["portal", "offer"], "", Seller, [401, 403, 403, 200, 403]),
    // Whom offers are for.
    row("GET /v1/organisations/{id}/buyer-groups", &["seller"], "", Seller, [401, 404, 200, 200, 404]),
    row("POST /v1/organisations/{id}/buyer-groups", &["seller"], r#"{"name": "Group $number", "members": ["$buyer"]}"#, Seller, [401, 404, 403, 201, 404]),
    row("GET /v1/organisations/{id}/buyer-groups/{group}", &["seller", "buyer_group"], "", Seller, [401, 404, 200, 200, 404]),
    row("PATCH /v1/organisations/{id}/buyer-groups/{group}", &["seller", "buyer_group"], r#"{"members": []}"#, Seller, [401, 404, 403, 200, 404]),
    row("DELETE /v1/organisations/{id}/buyer-groups/{group}", &["seller", "buyer_group"], "", Seller, [401, 404, 403, 204, 404]),
    row("GET /v1/organisations/{id}/blocked-buyers", &["seller"], "", Seller, [401, 404, 200, 200, 404]),
    row("POST /v1/organisations/{id}/blocked-buyers", &["seller"], r#"{"organisation_id": "$verified"}"#, Seller, [401, 404, 403, 201, 404]),
    row("DELETE /v1/organisations/{id}/blocked-buyers/{buyer}", &["seller", "blocked_buyer"], "", Seller, [401, 404, 403, 204, 404]),
    // Price lists.
    row("GET /v1/portals/{portal}/price-lists", &["portal"], "", Seller, [401, 200, 200, 200, 403]),
    row("POST /v1/portals/{portal}/price-lists", &["portal"], PRICE_LIST, Seller, [401, 403, 403, 201, 403]),
    row("GET /v1/portals/{portal}/price-lists/{id}", &["portal", "price_list"], "", Seller, [401, 404, 200, 200, 403]),
    row("PATCH /v1/portals/{portal}/price-lists/{id}", &["portal", "price_list"], r#"{"name": "Other"}"#, Seller, [401, 403, 403, 200, 403]),
    row("DELETE /v1/portals/{portal}/price-lists/{id}", &["portal", "price_list"], "", Seller, [401, 403, 403, 204, 403]),
    row("GET /v1/portals/{portal}/price-lists/{id}/prices", &["portal", "price_list"], "", Seller, [401, 404, 200, 200, 403]),
    row("POST /v1/portals/{portal}/price-lists/{id}/prices", &["portal", "price_list"], r#"{"offer_id": "$offer", "price": "1.50"}"#, Seller, [401, 403, 403, 200, 403]),
    row("POST /v1/portals/{portal}/price-lists/{id}/adjust", &["portal", "price_list"], r#"{"percent": "2.5"}"#, Seller, [401, 403, 403, 200, 403]),
    row("GET /v1/portals/{portal}/preview", &["portal"], "", Seller, [401, 200, 200, 200, 403]),
    row("GET /v1/portals/{portal}/preview/{offer}", &["portal", "offer"], "", Seller, [401, 404, 200, 200, 403]),
    // What everybody reads.
    row("GET /v1/portals/{portal}/catalogue", &["portal"], "", Seller, [200, 200, 200, 200, 200]),
    row("GET /v1/portals/{portal}/catalogue/suggestions", &["portal"], "", Seller, [200, 200, 200, 200, 200]),
    row("GET /v1/portals/{portal}/catalogue/{offer}/availability", &["portal", "offer"], "", Seller, [200, 200, 200, 200, 200]),
    row("GET /v1/portals/{portal}/catalogue/{offer}/price", &["portal", "offer"], "", Seller, [200, 200, 200, 200, 200]),
    row("GET /v1/portals/{portal}/catalogue/{offer}", &["portal", "offer"], "", Seller, [200, 200, 200, 200, 200]),
    // Catch weight.
    row("GET /v1/products/{id}/catch-weight", &["weighed_product"], "", Seller, [401, 404, 200, 200, 403]),
    row("PUT /v1/products/{id}/catch-weight", &["product"], r#"{"nominal": {"value": "2.5", "unit": "KGM"}, "tolerance_percent": "5"}"#, Seller, [401, 404, 403, 200, 403]),
    row("DELETE /v1/products/{id}/catch-weight", &["weighed_product"], "", Seller, [401, 404, 403, 204, 403]),
];

const MEDIA: &str = "--b\r\nContent-Disposition: form-data; name=\"media\"\r\n\r\n{\"title\": {\"en\": \"Sheet\"}}\r\n\
    --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"sheet.pdf\"\r\n\r\n%PDF-1.4\n%%EOF\n\r\n--b--\r\n";

const CODE_LIST: &str = "--b\r\nContent-Disposition: form-data; name=\"code_list\"\r\n\r\n{\"key\": \"list-$number\", \"name\": {\"en\": \"List\"}, \"edition\": \"1\"}\r\n\
    --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\r\ncode;name\n1;Iron\n\r\n--b--\r\n";

const PRICE_LIST: &str = r#"{"name": "Framework", "buyers": ["$buyer"], "valid_from": "2026-01-01T00:00:00Z", "entries":
    [{"offer_id": "$offer", "tiers": [{"from": "1", "unit_price": {"amount": "1", "currency": "EUR"}}]}]}"#;
