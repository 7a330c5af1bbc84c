use super::{Row, Seller, row};

#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    // Organisations.
    row("POST /v1/organisations", &[], REGISTRATION, Seller, [201, 201, 201, 201, 201]),
    row("GET /v1/organisations", &[], "", Seller, [401, 200, 200, 200, 200]),
    row("GET /v1/organisations/{id}", &["seller"], "", Seller, [401, 200, 200, 200, 200]),
    row("PATCH /v1/organisations/{id}", &["seller"], "{}", Seller, [401, 404, 403, 200, 404]),
    row("GET /v1/organisations/{id}/verifications", &["seller"], "", Seller, [401, 404, 200, 200, 200]),
    row("POST /v1/organisations/{id}/verify", &["pending"], "{}", Seller, [401, 403, 403, 403, 200]),
    row("POST /v1/organisations/{id}/reject", &["pending"], r#"{"note": "no"}"#, Seller, [401, 403, 403, 403, 200]),
    row("POST /v1/organisations/{id}/suspend", &["verified"], r#"{"note": "no"}"#, Seller, [401, 403, 403, 403, 200]),
    row("POST /v1/organisations/{id}/reinstate", &["suspended"], "{}", Seller, [401, 403, 403, 403, 200]),
    // Bank accounts.
    row("GET /v1/organisations/{id}/bank-accounts", &["seller"], "", Seller, [401, 404, 200, 200, 404]),
    row("POST /v1/organisations/{id}/bank-accounts", &["seller"], BANK_ACCOUNT, Seller, [401, 404, 403, 201, 404]),
    row("GET /v1/organisations/{id}/bank-accounts/{account}", &["seller", "bank_account"], "", Seller, [401, 404, 200, 200, 404]),
    row("DELETE /v1/organisations/{id}/bank-accounts/{account}", &["seller", "bank_account"], "", Seller, [401, 404, 403, 204, 404]),
    // Machines.
    row("GET /v1/organisations/{id}/api-clients", &["seller"], "", Seller, [401, 404, 403, 200, 404]),
    row("POST /v1/organisations/{id}/api-clients", &["seller"], API_CLIENT, Seller, [401, 404, 403, 201, 404]),
    row("GET /v1/organisations/{id}/api-clients/{client}", &["seller", "api_client"], "", Seller, [401, 404, 403, 200, 404]),
    row("PATCH /v1/organisations/{id}/api-clients/{client}", &["seller", "api_client"], r#"{"name": "ERP"}"#, Seller, [401, 404, 403, 200, 404]),
    row("DELETE /v1/organisations/{id}/api-clients/{client}", &["seller", "api_client"], "", Seller, [401, 404, 403, 204, 404]),
    row("GET /v1/organisations/{id}/api-clients/{client}/secrets", &["seller", "api_client"], "", Seller, [401, 404, 403, 200, 404]),
    row("POST /v1/organisations/{id}/api-clients/{client}/secrets", &["seller", "api_client"], "{}", Seller, [401, 404, 403, 201, 404]),
    row("DELETE /v1/organisations/{id}/api-clients/{client}/secrets/{secret}", &["seller", "api_client", "client_secret"], "", Seller, [401, 404, 403, 204, 404]),
    row("POST /oauth/token", &[], "grant_type=client_credentials&client_id=none&client_secret=none", Seller, [401, 400, 400, 400, 400]),
    // Log-ins.
    row("POST /v1/sessions", &[], r#"{"email": "nobody@nowhere.example", "password": "wrong"}"#, Seller, [401, 401, 401, 401, 401]),
    row("DELETE /v1/sessions/current", &[], "", Seller, [401, 204, 204, 204, 204]),
    row("POST /v1/sessions/refresh", &[], r#"{"refresh_token": "$refresh_token"}"#, Seller, [200, 200, 200, 200, 200]),
];

const API_CLIENT: &str = r#"{"name": "ERP", "scopes": ["orders:read"]}"#;

const REGISTRATION: &str = r#"{"legal_name": "New", "legal_form": "GmbH", "country": "DE",
    "addresses": [{"kind": "legal", "lines": ["Weg 1"], "city": "Hamburg", "postal_code": "20457", "country": "DE"}],
    "identifiers": [{"scheme": "gln", "value": "$gln"}],
    "person": {"name": "New", "email": "new$number@new.example", "password": "seven green bottles on a wall", "language": "en"}}"#;

const BANK_ACCOUNT: &str =
    r#"{"holder": "x", "account_number": "DE89 3704 0044 0532 0130 00", "bank_name": "Bank", "currency": "EUR"}"#;
