use super::{Buyer, Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // Awards and what comes of them.
    row("POST /v1/rfqs/{id}/award", &["rfq_evaluated"], r#"{"quote_id": "$rfq_its_quote", "reason": "Best."}"#, Buyer, [401, 404, 403, 201, 403]),
    row("GET /v1/rfqs/{id}/awards", &["rfq_awarded"], "", Buyer, [401, 404, 200, 200, 200]),
    row("GET /v1/rfqs/{id}/award-proposal", &["rfq_awarded"], "", Buyer, [401, 404, 200, 200, 200]),
    row("GET /v1/rfq-awards", &[], "", Buyer, [401, 200, 200, 200, 403]),
    row("GET /v1/rfq-awards/{id}", &["rfq_award"], "", Seller, [401, 404, 200, 200, 200]),
    row("POST /v1/rfq-awards/{id}/approve", &["rfq_award_awaiting"], r#"{"reason": "Needed."}"#, Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/rfq-awards/{id}/reject", &["rfq_award_awaiting"], REASON, Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/rfq-awards/{id}/decline", &["rfq_award"], REASON, Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/rfq-awards/{id}/rescind", &["rfq_award"], REASON, Buyer, [401, 404, 403, 200, 403]),
    row("GET /v1/framework-agreements", &[], "", Seller, [401, 200, 200, 200, 403]),
    row("GET /v1/framework-agreements/{id}", &["rfq_framework"], "", Seller, [401, 404, 200, 200, 403]),
    row("GET /v1/framework-agreements/{id}/call-offs", &["rfq_framework"], "", Seller, [401, 404, 200, 200, 403]),
    row("POST /v1/framework-agreements/{id}/call-offs", &["rfq_framework"], r#"{"lines": [{"line": 1, "quantity": "1"}]}"#, Buyer, [401, 404, 403, 201, 403]),
    row("GET /v1/sourcing/figures", &[], "", Seller, [401, 200, 200, 200, 403]),
];

const REASON: &str = r#"{"reason": "It was put off."}"#;
