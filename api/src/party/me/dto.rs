//! The caller in JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Who you are, and for whom you act.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// `person` or `client`.
    #[schema(example = "person")]
    pub kind: &'static str,
    pub id: Uuid,
    pub name: String,
    /// Of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Runs the platform.
    pub operator: bool,
    /// The organisation that the token is for.
    pub organisation_id: Option<Uuid>,
    /// The roles of a person there.
    pub roles: Vec<&'static str>,
    /// The scopes of a machine's token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<&'static str>>,
    /// All organisations of a person; log in with `organisation_id` to act for another one.
    pub memberships: Vec<MembershipDto>,
}

/// A person's place in an organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Membership)]
pub struct MembershipDto {
    pub organisation_id: Uuid,
    pub legal_name: String,
    pub roles: Vec<String>,
}

/// What you can change of yourself.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Maria Anders", "language": "de"}))]
pub struct MyProfile {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// BCP 47.
    #[schema(min_length = 2, max_length = 10)]
    pub language: String,
}

/// A change of password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"old_password": "eine lange Redewendung", "new_password": "vier Meisen auf dem Dach"}))]
pub struct PasswordChange {
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub old_password: String,
    /// At least 12 characters; common ones are refused.
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub new_password: String,
}
