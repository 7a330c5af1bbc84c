//! Password resets in JSON.

use serde::Deserialize;
use utoipa::ToSchema;

/// Asks for a link to choose a new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "maria@alfreds.example"}))]
pub struct ResetRequest {
    #[schema(min_length = 3, max_length = 254)]
    pub email: String,
}

/// Chooses a new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "q3Jx…", "new_password": "vier Meisen auf dem Dach"}))]
pub struct ResetCompletion {
    /// From the link in the mail.
    #[schema(min_length = 1, max_length = 256)]
    pub token: String,
    /// At least 12 characters; common ones are refused.
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub new_password: String,
}
