use super::{Buyer, Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("GET /v1/contracts", &[], "", Buyer, [401, 200, 200, 200, 403]),
    row("GET /v1/contracts/{id}", &["contract"], "", Buyer, [401, 404, 200, 200, 200]),
    row("GET /v1/contracts/{id}/text", &["contract"], "", Buyer, [401, 404, 200, 200, 200]),
    row("POST /v1/contracts/{id}/sign", &["contract"], r#"{"text_hash": "$text_hash"}"#, Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/contracts/{id}/cancel", &["contract"], r#"{"reason": "x"}"#, Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/contracts/{id}/dispute", &["active"], r#"{"reason": "x"}"#, Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/contracts/{id}/resolve", &["disputed"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/contracts/{id}/terminate", &["disputed"], r#"{"reason": "x"}"#, Buyer, [401, 404, 403, 403, 200]),
    // Amendments.
    row("GET /v1/contracts/{id}/amendments", &["amended"], "", Buyer, [401, 404, 200, 200, 200]),
    row("POST /v1/contracts/{id}/amendments", &["active"], r#"{"text": "Later.", "text_hash": "$amendment_hash"}"#, Buyer, [401, 404, 403, 201, 403]),
    row("POST /v1/contracts/{id}/amendments/{number}/sign", &["amended", "1"], r#"{"text_hash": "$amendment_hash"}"#, Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/contracts/{id}/amendments/{number}/withdraw", &["amended", "1"], "", Buyer, [401, 404, 403, 200, 403]),
    // Deliveries.
    row("GET /v1/contracts/{id}/deliveries", &["fulfilled"], "", Buyer, [401, 404, 200, 200, 200]),
    row("POST /v1/contracts/{id}/deliveries", &["active"], "{}", Seller, [401, 404, 403, 201, 403]),
    row("GET /v1/deliveries/{id}", &["delivery"], "", Buyer, [401, 404, 200, 200, 403]),
    row("POST /v1/deliveries/{id}/receive", &["delivery"], "{}", Buyer, [401, 404, 403, 200, 403]),
    // Returns.
    row("GET /v1/contracts/{id}/returns", &["fulfilled"], "", Buyer, [401, 404, 200, 200, 200]),
    row("POST /v1/contracts/{id}/returns", &["fulfilled"], r#"{"reason": "x", "lines": [{"contract_line_id": "$line_of_contract", "quantity": {"value": "1", "unit": "C62"}}]}"#, Buyer, [401, 404, 403, 201, 403]),
    row("GET /v1/returns/{id}", &["return"], "", Seller, [401, 404, 200, 200, 403]),
    row("POST /v1/returns/{id}/accept", &["return"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/returns/{id}/refuse", &["return"], r#"{"reason": "x"}"#, Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/returns/{id}/withdraw", &["return"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/returns/{id}/complete", &["accepted_return"], "{}", Seller, [401, 404, 403, 200, 403]),
];
