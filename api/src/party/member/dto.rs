//! Members in JSON.

use infra::party::person::{MemberRow, PersonRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// What a person may do for the organisation.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"roles": ["buyer", "approver"]}))]
pub struct MemberRoles {
    /// `owner`, `admin`, `buyer`, `approver`, `seller`, `trader`, `finance` or `viewer`.
    #[schema(min_items = 1, max_items = 8)]
    pub roles: Vec<String>,
}

/// A person of an organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberDto {
    pub person_id: Uuid,
    pub name: String,
    pub email: String,
    pub roles: Vec<String>,
    /// The operator has shut this person out.
    pub disabled: bool,
    pub joined_at: Time,
}

impl From<(MemberRow, PersonRow)> for MemberDto {
    fn from((member, person): (MemberRow, PersonRow)) -> Self {
        Self {
            person_id: person.id,
            name: person.name,
            email: person.email,
            roles: member.roles,
            disabled: person.disabled_at.is_some(),
            joined_at: member.created_at.into(),
        }
    }
}
