use super::{Buyer, Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    row("GET /v1/portals", &[], "", Seller, [200, 200, 200, 200, 200]),
    row("POST /v1/portals", &[], r#"{"slug": "new-$number", "name": {"en": "New"}, "visibility": "open", "functions": ["catalogue"]}"#, Seller, [401, 201, 403, 201, 201]),
    row("GET /v1/portals/{portal}", &["club"], "", Seller, [404, 404, 200, 200, 200]),
    row("PATCH /v1/portals/{portal}", &["club"], "{}", Seller, [401, 404, 403, 200, 200]),
    row("DELETE /v1/portals/{portal}", &["club"], "", Seller, [401, 404, 403, 204, 204]),
    // Rules.
    row("GET /v1/portals/{portal}/rules", &["club"], "", Seller, [404, 404, 200, 200, 200]),
    row("POST /v1/portals/{portal}/rules", &["club"], r#"{"text": {"en": "Pay."}}"#, Seller, [401, 404, 403, 201, 201]),
    row("POST /v1/portals/{portal}/rules/{version}/accept", &["ruled_club", "1"], "", Seller, [401, 404, 403, 200, 403]),
    // Members.
    row("GET /v1/portals/{portal}/members", &["club"], "", Seller, [401, 404, 200, 200, 200]),
    row("POST /v1/portals/{portal}/members", &["open_club"], r#"{"capabilities": ["sell"]}"#, Buyer, [401, 201, 403, 201, 403]),
    row("POST /v1/portals/{portal}/invitations", &["club"], r#"{"organisation_id": "$verified", "capabilities": ["buy"]}"#, Seller, [401, 404, 403, 201, 201]),
    row("GET /v1/portals/{portal}/members/{organisation}", &["open_club", "member"], "", Seller, [401, 404, 200, 200, 200]),
    row("PATCH /v1/portals/{portal}/members/{organisation}", &["open_club", "member"], r#"{"capabilities": ["sell"]}"#, Seller, [401, 403, 403, 200, 200]),
    row("POST /v1/portals/{portal}/members/{organisation}/accept", &["inviting_club", "buyer"], "", Buyer, [401, 404, 403, 200, 404]),
    row("POST /v1/portals/{portal}/members/{organisation}/approve", &["open_club", "applicant"], "{}", Seller, [401, 403, 403, 200, 200]),
    row("POST /v1/portals/{portal}/members/{organisation}/suspend", &["open_club", "member"], "", Seller, [401, 403, 403, 200, 200]),
    row("POST /v1/portals/{portal}/members/{organisation}/reinstate", &["open_club", "suspended_member"], "", Seller, [401, 403, 403, 200, 200]),
    row("POST /v1/portals/{portal}/members/{organisation}/end", &["open_club", "member"], "", Seller, [401, 403, 403, 200, 200]),
];
