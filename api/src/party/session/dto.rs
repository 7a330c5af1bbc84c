//! Log-ins in JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A log-in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "owner@northwind.example", "password": "a long pass phrase"}))]
pub struct LogIn {
    #[schema(min_length = 3, max_length = 254)]
    pub email: String,
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub password: String,
    /// For which organisation, if the person belongs to several; the first one joined by default.
    pub organisation_id: Option<Uuid>,
}

/// Asks for a new access token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"refresh_token": "q3VxZ2Zr0yq1uJ8m5b7T4w"}))]
pub struct Refresh {
    #[schema(min_length = 1, max_length = 256)]
    pub refresh_token: String,
}

/// Tokens of a session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "access_token": "eyJ0eXAi…", "token_type": "Bearer", "expires_in": 600, "refresh_token": "q3…",
    "session_id": "0190b5a0-0000-7000-8000-000000000001"
}))]
pub struct SessionTokens {
    pub access_token: String,
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds that the access token lives.
    pub expires_in: i64,
    /// Good once, for the next pair of tokens. Using an old one ends the session.
    pub refresh_token: String,
    pub session_id: Uuid,
}
