use super::{Buyer, Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // Who is asked, who asks, who is admitted.
    row("GET /v1/portals/{portal}/rfq-subscription", &["rfq_portal"], "", Seller, [401, 404, 200, 200, 403]),
    row("PUT /v1/portals/{portal}/rfq-subscription", &["rfq_portal"], r#"{"category_ids": []}"#, Seller, [401, 404, 403, 200, 403]),
    row("DELETE /v1/portals/{portal}/rfq-subscription", &["rfq_portal_subscribed"], "", Seller, [401, 404, 403, 204, 403]),
    row("GET /v1/rfqs/{id}/invitations", &["rfq_inviting"], "", Buyer, [401, 404, 200, 200, 200]),
    row("POST /v1/rfqs/{id}/decline", &["rfq_inviting"], REASON, Seller, [401, 404, 403, 200, 403]),
    row("GET /v1/rfqs/{id}/applications", &["rfq_qualifying"], "", Buyer, [401, 404, 200, 200, 200]),
    row("POST /v1/rfqs/{id}/applications", &["rfq_qualifying"], r#"{"note": "We roll."}"#, Seller, [401, 404, 403, 200, 403]),
    row("POST /v1/rfqs/{id}/applications/{organisation}/admit", &["rfq_qualifying", "rfq_applicant"], "", Buyer, [401, 404, 403, 200, 403]),
    row("POST /v1/rfqs/{id}/applications/{organisation}/reject", &["rfq_qualifying", "rfq_applicant"], REASON, Buyer, [401, 404, 403, 200, 403]),
    row("GET /v1/rfqs/{id}/questions", &["rfq"], "", Buyer, [401, 404, 200, 200, 200]),
    row("POST /v1/rfqs/{id}/questions", &["rfq"], r#"{"text": "Which?"}"#, Seller, [401, 404, 403, 201, 403]),
    row("POST /v1/rfqs/{id}/questions/{question}/answer", &["rfq", "rfq_question"], r#"{"text": "This."}"#, Buyer, [401, 404, 403, 200, 403]),
];

const REASON: &str = r#"{"reason": "It was put off."}"#;
