use super::{Buyer, Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("GET /v1/orders", &[], "", Buyer, [401, 200, 200, 200, 403]),
    row("POST /v1/orders", &[], ORDER, Buyer, [401, 403, 403, 201, 403]),
    row("GET /v1/orders/{id}", &["placed"], "", Buyer, [401, 404, 200, 200, 403]),
    row("PATCH /v1/orders/{id}", &["draft"], r#"{"note": "soon"}"#, Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/orders/{id}/submit", &["draft"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/orders/{id}/cancel", &["placed"], "{}", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/orders/{id}/confirm", &["placed"], "{}", Seller, [401, 404, 403, 200, 403]),
    row("GET /v1/orders/{id}/confirmations", &["changed_order"], "", Buyer, [401, 404, 200, 200, 403]),
    row("POST /v1/orders/{id}/accept", &["changed_order"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/orders/{id}/refuse", &["changed_order"], "{}", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/orders/{id}/withdraw", &["changed_order"], "{}", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/orders/{id}/decline", &["placed"], "{}", Seller, [401, 404, 403, 200, 403]),
    // Price proposals.
    row("POST /v1/price-proposals", &[], PROPOSAL, Buyer, [401, 403, 403, 201, 403]),
    row("GET /v1/price-proposals", &[], "", Buyer, [401, 200, 200, 200, 403]),
    row("GET /v1/price-proposals/{id}", &["price_proposal"], "", Buyer, [401, 404, 200, 200, 403]),
    row("POST /v1/price-proposals/{id}/accept", &["price_proposal"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/price-proposals/{id}/counter", &["price_proposal"], r#"{"unit_price": {"amount": "1.95", "currency": "EUR"}}"#, Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/price-proposals/{id}/decline", &["price_proposal"], "{}", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/price-proposals/{id}/withdraw", &["price_proposal"], "{}", Buyer, [401, 404, 403, 200, 403]),
];

const PROPOSAL: &str = r#"{"portal_id": "$portal_id", "offer_id": "$offer", "quantity": {"value": "5", "unit": "C62"},
    "unit_price": {"amount": "1.90", "currency": "EUR"}}"#;

const ORDER: &str = r#"{"portal_id": "$portal_id", "currency": "EUR", "submit": true,
    "lines": [{"offer_id": "$offer", "quantity": {"value": "1", "unit": "C62"}}]}"#;
