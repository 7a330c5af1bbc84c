use super::{Buyer, Row, Seller, row};

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
    // Credit.
    row("GET /v1/organisations/{id}/credit-lines", &["seller"], "", Seller, [401, 404, 403, 200, 404]),
    row("POST /v1/organisations/{id}/credit-lines", &["seller"], r#"{"buyer_id": "$verified", "currency": "EUR"}"#, Seller, [401, 404, 403, 201, 404]),
    row("GET /v1/organisations/{id}/credit-lines/{line}", &["seller", "credit_line"], "", Seller, [401, 404, 403, 200, 404]),
    row("PATCH /v1/organisations/{id}/credit-lines/{line}", &["seller", "credit_line"], r#"{"limit": "5.00"}"#, Seller, [401, 404, 403, 200, 404]),
    row("GET /v1/organisations/{id}/credit-lines/{line}/entries", &["seller", "credit_line"], "", Seller, [401, 404, 403, 200, 404]),
    row("POST /v1/orders/{id}/release", &["over_credit"], "", Seller, [401, 404, 403, 200, 403]),
    // Quick orders, orders made again, requisition lists.
    row("POST /v1/orders/quick", &[], r#"{"portal_id": "$portal_id", "currency": "EUR", "lines": [{"sku": "$sku", "quantity": "1"}]}"#, Buyer, [401, 403, 403, 201, 403]),
    row("POST /v1/orders/{id}/reorder", &["placed"], "", Buyer, [401, 404, 403, 201, 403]),
    row("GET /v1/requisition-lists", &[], "", Buyer, [401, 200, 200, 200, 403]),
    row("POST /v1/requisition-lists", &[], r#"{"name": "Monthly", "portal_id": "$portal_id", "currency": "EUR"}"#, Buyer, [401, 201, 403, 201, 403]),
    row("GET /v1/requisition-lists/{id}", &["requisition_list"], "", Buyer, [401, 404, 200, 200, 403]),
    row("PATCH /v1/requisition-lists/{id}", &["requisition_list"], r#"{"name": "Weekly"}"#, Buyer, [401, 404, 403, 200, 403]),
    row("DELETE /v1/requisition-lists/{id}", &["requisition_list"], "", Buyer, [401, 404, 403, 204, 403]),
    row("POST /v1/requisition-lists/{id}/order", &["requisition_list"], "", Buyer, [401, 404, 403, 201, 403]),
    // Standing orders.
    row("GET /v1/standing-orders", &[], "", Buyer, [401, 200, 200, 200, 403]),
    row("POST /v1/standing-orders", &[], r#"{"name": "Coffee", "portal_id": "$portal_id", "currency": "EUR", "mode": "draft", "schedule": {"period": "month", "first_on": "2099-01-01"}, "lines": [{"offer_id": "$offer", "quantity": {"value": "1", "unit": "C62"}}]}"#, Buyer, [401, 201, 403, 201, 403]),
    row("GET /v1/standing-orders/{id}", &["standing_order"], "", Buyer, [401, 404, 404, 200, 403]),
    row("PATCH /v1/standing-orders/{id}", &["standing_order"], r#"{"paused": true}"#, Buyer, [401, 404, 404, 200, 403]),
    row("DELETE /v1/standing-orders/{id}", &["standing_order"], "", Buyer, [401, 404, 404, 204, 403]),
];
