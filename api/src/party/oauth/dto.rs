//! What the token endpoint takes and gives; the names are those of RFC 6749.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Asks for an access token. The credentials come in the header `Authorization: Basic …` or here, not in both.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({"grant_type": "client_credentials", "client_id": "0190b5a0-0000-7000-8000-000000000001",
    "client_secret": "q3Jx…", "scope": "catalogue:read orders:read"}))]
pub struct TokenRequest {
    /// `client_credentials`.
    #[schema(pattern = "^client_credentials$")]
    pub grant_type: String,
    pub client_id: Option<String>,
    #[schema(format = Password)]
    pub client_secret: Option<String>,
    /// Scopes separated by spaces; all of the client's by default.
    pub scope: Option<String>,
}

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"access_token": "eyJ0eXAi…", "token_type": "Bearer", "expires_in": 600, "scope": "orders:read"}))]
pub struct TokenResponse {
    pub access_token: String,
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds that it lives.
    pub expires_in: i64,
    /// The scopes it has, separated by spaces.
    pub scope: String,
}

/// Why there is no token, in the form of RFC 6749 §5.2: the one place where an error is no problem document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OauthError, example = json!({"error": "invalid_client", "error_description": "The client or its secret is not good."}))]
pub struct OauthErrorDto {
    /// `invalid_request`, `invalid_client`, `unsupported_grant_type` or `invalid_scope`.
    pub error: &'static str,
    pub error_description: String,
}
