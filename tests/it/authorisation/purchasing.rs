use super::{Buyer, Row, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // Cost centres and budgets.
    row("GET /v1/organisations/{id}/cost-centres", &["buyer"], "", Buyer, [401, 404, 200, 200, 404]),
    row("POST /v1/organisations/{id}/cost-centres", &["buyer"], r#"{"code": "c$number", "name": "Workshop", "owner_id": "$buyer_person"}"#, Buyer, [401, 404, 403, 201, 404]),
    row("GET /v1/organisations/{id}/cost-centres/{centre}", &["buyer", "cost_centre"], "", Buyer, [401, 404, 200, 200, 404]),
    row("PATCH /v1/organisations/{id}/cost-centres/{centre}", &["buyer", "cost_centre"], r#"{"name": "Store"}"#, Buyer, [401, 404, 403, 200, 404]),
    row("DELETE /v1/organisations/{id}/cost-centres/{centre}", &["buyer", "cost_centre"], "", Buyer, [401, 404, 403, 204, 404]),
    row("GET /v1/organisations/{id}/cost-centres/{centre}/budgets", &["buyer", "cost_centre"], "", Buyer, [401, 404, 200, 200, 404]),
    row("POST /v1/organisations/{id}/cost-centres/{centre}/budgets", &["buyer", "cost_centre"], r#"{"currency": "EUR", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}"#, Buyer, [401, 404, 403, 201, 404]),
    row("GET /v1/organisations/{id}/cost-centres/{centre}/budgets/{budget}", &["buyer", "cost_centre", "budget"], "", Buyer, [401, 404, 200, 200, 404]),
    row("PATCH /v1/organisations/{id}/cost-centres/{centre}/budgets/{budget}", &["buyer", "cost_centre", "budget"], r#"{"amount": "5.00"}"#, Buyer, [401, 404, 403, 200, 404]),
    // Approval.
    row("GET /v1/organisations/{id}/approval-policy", &["buyer"], "", Buyer, [401, 404, 200, 200, 404]),
    row("PUT /v1/organisations/{id}/approval-policy", &["buyer"], r#"{"rules": []}"#, Buyer, [401, 404, 403, 200, 404]),
    row("GET /v1/organisations/{id}/delegations", &["buyer"], "", Buyer, [401, 404, 403, 200, 404]),
    row("POST /v1/organisations/{id}/delegations", &["buyer"], r#"{"to": "$buyer_colleague", "ends_at": "2026-12-31T00:00:00Z"}"#, Buyer, [401, 404, 403, 201, 404]),
    row("GET /v1/organisations/{id}/delegations/{delegation}", &["buyer", "delegation"], "", Buyer, [401, 404, 403, 200, 404]),
    row("DELETE /v1/organisations/{id}/delegations/{delegation}", &["buyer", "delegation"], "", Buyer, [401, 404, 403, 204, 404]),
    row("GET /v1/approvals", &[], "", Buyer, [401, 200, 200, 200, 403]),
    row("GET /v1/orders/{id}/approvals", &["awaiting"], "", Buyer, [401, 404, 200, 200, 403]),
    row("POST /v1/orders/{id}/approve", &["awaiting"], "{}", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/orders/{id}/reject", &["awaiting"], r#"{"reason": "not now"}"#, Buyer, [401, 404, 403, 200, 403]),
];
