use super::{Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // People of an organisation.
    row("GET /v1/organisations/{id}/members", &["seller"], "", Seller, [401, 404, 200, 200, 200]),
    row("GET /v1/organisations/{id}/members/{person}", &["seller", "person"], "", Seller, [401, 404, 200, 200, 200]),
    row("PATCH /v1/organisations/{id}/members/{person}", &["seller", "person"], r#"{"roles": ["buyer"]}"#, Seller, [401, 404, 403, 200, 404]),
    row("DELETE /v1/organisations/{id}/members/{person}", &["seller", "person"], "", Seller, [401, 404, 403, 204, 404]),
    row("POST /v1/people/{id}/disable", &["person"], "", Seller, [401, 403, 403, 403, 200]),
    row("POST /v1/people/{id}/enable", &["disabled_person"], "", Seller, [401, 403, 403, 403, 200]),
    // Invitations.
    row("POST /v1/organisations/{id}/invitations", &["seller"], r#"{"email": "new$number@new.example", "roles": ["buyer"]}"#, Seller, [401, 404, 403, 201, 404]),
    row("GET /v1/organisations/{id}/invitations", &["seller"], "", Seller, [401, 404, 403, 200, 404]),
    row("GET /v1/organisations/{id}/invitations/{invitation}", &["seller", "invitation"], "", Seller, [401, 404, 403, 200, 404]),
    row("DELETE /v1/organisations/{id}/invitations/{invitation}", &["seller", "invitation"], "", Seller, [401, 404, 403, 204, 404]),
    row("POST /v1/invitations/accept", &[], r#"{"token": "none", "name": "New", "password": "six red bottles on a wall"}"#, Seller, [409, 409, 409, 409, 409]),
    // Groups.
    row("PUT /v1/organisations/{id}/parent", &["seller"], r#"{"parent_id": "$verified"}"#, Seller, [401, 404, 403, 200, 404]),
    row("DELETE /v1/organisations/{id}/parent", &["seller"], "", Seller, [401, 404, 403, 200, 404]),
    row("GET /v1/organisations/{id}/affiliates", &["seller"], "", Seller, [401, 200, 200, 200, 200]),
    row("POST /v1/organisations/{id}/affiliates/{affiliate}/confirm", &["seller", "affiliate"], "", Seller, [401, 404, 403, 200, 404]),
    row("DELETE /v1/organisations/{id}/affiliates/{affiliate}", &["seller", "affiliate"], "", Seller, [401, 404, 403, 204, 404]),
    row("GET /v1/organisations/{id}/running", &["seller"], "", Seller, [401, 404, 200, 200, 200]),
    row("POST /v1/organisations/{id}/close", &["verified"], r#"{"note": "dissolved"}"#, Seller, [401, 403, 403, 403, 200]),
    // Forgotten passwords.
    row("POST /v1/password-resets", &[], r#"{"email": "nobody@nowhere.example"}"#, Seller, [202, 202, 202, 202, 202]),
    row("POST /v1/password-resets/complete", &[], r#"{"token": "none", "new_password": "six red bottles on a wall"}"#, Seller, [409, 409, 409, 409, 409]),
    // Oneself. The last row comes last: viewer and operator are gone after it; an owner who is the only one has to stay.
    row("GET /v1/me", &[], "", Seller, [401, 200, 200, 200, 200]),
    row("PATCH /v1/me", &[], r#"{"name": "Somebody"}"#, Seller, [401, 200, 200, 200, 200]),
    row("POST /v1/me/password", &[], r#"{"old_password": "none", "new_password": "six red bottles on a wall"}"#, Seller, [401, 422, 422, 422, 422]),
    row("DELETE /v1/me", &[], "", Seller, [401, 409, 204, 409, 204]),
];
