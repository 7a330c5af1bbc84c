//! Invitations in JSON.

use domain::kernel::Timestamp;
use infra::party::invitation::InvitationRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// Invites a person into your organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "hanna@alfreds.example", "roles": ["buyer"]}))]
pub struct NewInvitation {
    #[schema(min_length = 3, max_length = 254)]
    pub email: String,
    /// `owner`, `admin`, `buyer`, `approver`, `seller`, `trader`, `finance` or `viewer`.
    #[schema(min_items = 1, max_items = 8)]
    pub roles: Vec<String>,
}

/// An invitation. Its token is in the mail alone.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationDto {
    pub id: Uuid,
    pub email: String,
    pub roles: Vec<String>,
    /// `open`, `accepted`, `revoked` or `expired`.
    #[schema(example = "open")]
    pub state: &'static str,
    pub created_at: Time,
    pub expires_at: Time,
}

/// Accepts an invitation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "q3Jx…", "name": "Hanna Moos", "password": "drei Amseln im Apfelbaum", "language": "de"}))]
pub struct Acceptance {
    /// From the link in the mail.
    #[schema(min_length = 1, max_length = 256)]
    pub token: String,
    /// Needed by somebody who is new here.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// The password to log in with: a new one of at least 12 characters, or that of the account with the invited address.
    #[schema(min_length = 1, max_length = 256, format = Password)]
    pub password: String,
    /// BCP 47, `en` by default.
    #[schema(max_length = 10)]
    pub language: Option<String>,
}

/// A person who has joined.
#[derive(Debug, Serialize, ToSchema)]
pub struct Joined {
    pub organisation_id: Uuid,
    pub person_id: Uuid,
    pub roles: Vec<String>,
}

impl InvitationDto {
    pub fn of(row: InvitationRow, at: Timestamp) -> Self {
        let state = match (row.accepted_at, row.revoked_at) {
            (Some(_), _) => "accepted",
            (None, Some(_)) => "revoked",
            (None, None) if row.expires_at <= at => "expired",
            (None, None) => "open",
        };
        Self {
            id: row.id,
            email: row.email,
            roles: row.roles,
            state,
            created_at: row.created_at.into(),
            expires_at: row.expires_at.into(),
        }
    }
}
