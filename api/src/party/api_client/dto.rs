//! API clients in JSON.

use infra::party::api_client::{ApiClientRow, SecretRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// A machine that may act for your organisation.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Warehouse system", "scopes": ["catalogue:read", "catalogue:write", "orders:read"]}))]
pub struct ApiClientData {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What it may do at most; a token may ask for less.
    #[schema(min_items = 1, max_items = 30)]
    pub scopes: Vec<String>,
}

/// An API client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiClient)]
pub struct ApiClientDto {
    /// The `client_id` at the token endpoint.
    pub id: Uuid,
    pub name: String,
    pub scopes: Vec<String>,
    pub created_at: Time,
}

/// An API client that was just made, with its first secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewApiClient {
    /// The `client_id` at the token endpoint.
    pub id: Uuid,
    pub name: String,
    pub scopes: Vec<String>,
    pub created_at: Time,
    pub secret: NewSecret,
}

/// When a new secret ends.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"expires_at": "2027-06-30T00:00:00Z"}))]
pub struct SecretWish {
    /// Within a year; after a year by default.
    pub expires_at: Option<Time>,
}

/// A secret that was just made. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewSecret {
    pub id: Uuid,
    /// The `client_secret` at the token endpoint.
    pub secret: String,
    /// The last four characters.
    pub hint: String,
    pub created_at: Time,
    pub expires_at: Time,
}

/// A valid secret of an API client.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Secret)]
pub struct SecretDto {
    pub id: Uuid,
    /// The last four characters, so that two secrets can be told apart.
    pub hint: String,
    pub created_at: Time,
    pub expires_at: Time,
}

impl From<&ApiClientRow> for ApiClientDto {
    fn from(row: &ApiClientRow) -> Self {
        Self { id: row.id, name: row.name.clone(), scopes: row.scopes.clone(), created_at: row.created_at.into() }
    }
}

impl From<&ApiClientRow> for ApiClientData {
    fn from(row: &ApiClientRow) -> Self {
        Self { name: row.name.clone(), scopes: row.scopes.clone() }
    }
}

impl NewApiClient {
    pub fn of(row: ApiClientRow, secret: NewSecret) -> Self {
        Self { id: row.id, name: row.name, scopes: row.scopes, created_at: row.created_at.into(), secret }
    }
}

impl NewSecret {
    pub fn of(row: SecretRow, secret: String) -> Self {
        Self {
            id: row.id,
            secret,
            hint: row.hint,
            created_at: row.created_at.into(),
            expires_at: row.expires_at.into(),
        }
    }
}

impl From<SecretRow> for SecretDto {
    fn from(row: SecretRow) -> Self {
        Self { id: row.id, hint: row.hint, created_at: row.created_at.into(), expires_at: row.expires_at.into() }
    }
}
