//! What the operator says about people, in JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// Why somebody is shut out or let in again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "The account was taken over."}))]
pub struct AccessReason {
    /// For the record; their organisations read it.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// A person as the operator sees them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub struct PersonDto {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub disabled_at: Option<Time>,
}
