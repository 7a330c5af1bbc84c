use super::{Buyer, Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // Quotes.
    row("GET /v1/rfqs/{id}/quotes", &["rfq"], "", Seller, [401, 404, 200, 200, 200]),
    row("POST /v1/rfqs/{id}/quotes", &["rfq"], QUOTE, Seller, [401, 404, 403, 201, 403]),
    row("GET /v1/rfqs/{id}/commitments", &["rfq_quoted"], "", Seller, [401, 404, 200, 200, 200]),
    row("GET /v1/quotes", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("GET /v1/quotes/{id}", &["rfq_quote_sealed"], "", Seller, [401, 404, 200, 200, 404]),
    row("PATCH /v1/quotes/{id}", &["rfq_quote_draft"], r#"{"tax_rate": "7"}"#, Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/quotes/{id}/submit", &["rfq_quote_draft"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/quotes/{id}/confirm", &["rfq_quote_sealed"], "", Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/quotes/{id}/withdraw", &["rfq_quote_sealed"], "", Seller, [401, 404, 403, 200, 403]),
    row("GET /v1/quotes/{id}/revisions", &["rfq_quote_sealed"], "", Seller, [401, 404, 200, 200, 404]),
    row("POST /v1/rfqs/{id}/open", &["rfq_closed"], r#"{"envelope": "whole"}"#, Buyer, [401, 404, 403, 200, 403]),
    // What is done with those that are open.
    row("GET /v1/rfqs/{id}/comparison", &["rfq_evaluated"], "", Buyer, [401, 404, 200, 200, 403]),
    row("GET /v1/rfqs/{id}/comparison.xlsx", &["rfq_evaluated"], "", Buyer, [401, 404, 200, 200, 403]),
    row("GET /v1/quotes/{id}/evaluation", &["rfq_quote"], "", Buyer, [401, 404, 200, 200, 403]),
    row("PUT /v1/quotes/{id}/evaluation", &["rfq_quote"], r#"{"note": "Good."}"#, Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/quotes/{id}/exclude", &["rfq_quote"], REASON, Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/rfqs/{id}/rounds", &["rfq_evaluated"], ROUND, Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/quotes/{id}/counter", &["rfq_quote"], COUNTER, Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/quotes/{id}/accept", &["rfq_quote_answered"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/quotes/{id}/reject-counter", &["rfq_quote_answered"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/quotes/{id}/withdraw-counter", &["rfq_quote_countered"], "", Buyer, [401, 404, 403, 200, 403]),
    row("GET /v1/quotes/{id}/negotiations", &["rfq_quote_countered"], "", Seller, [401, 404, 200, 200, 200]),
];

const REASON: &str = r#"{"reason": "It was put off."}"#;

const QUOTE: &str = r#"{"version": 1, "currency": "EUR", "valid_until": "$rfq_last_day", "tax_rate": "19",
    "offers": [{"line": 1, "unit_price": "500", "lead_time_days": 14}]}"#;

const ROUND: &str = r#"{"kind": "revision", "deadline": "$rfq_deadline"}"#;

const COUNTER: &str = r#"{"lines": [{"line": 1, "unit_price": "450"}]}"#;
