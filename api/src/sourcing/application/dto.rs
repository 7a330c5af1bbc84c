//! Applications in JSON.

use infra::sourcing::application::ApplicationRow;
use infra::sourcing::recipient::RecipientRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// A company would like to quote.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "We roll 300,000 t a year.", "documents": []}))]
pub struct RfqApplicationData {
    /// For the buyer.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// Documents of yours that prove what you can do; the buyer may read them.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub documents: Vec<Uuid>,
}

/// What the buyer says with its decision.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "The certificate has expired."}))]
pub struct RfqApplicationDecision {
    /// For the company.
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
}

/// An application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqApplication)]
pub struct ApplicationDto {
    pub organisation_id: Uuid,
    /// `applied`, `admitted` or `rejected`.
    #[schema(example = "applied")]
    pub state: String,
    pub note: Option<String>,
    pub documents: Vec<Uuid>,
    pub reason: Option<String>,
    pub applied_at: Time,
    pub decided_at: Option<Time>,
}

/// Why a company does not quote.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "We do not roll this width."}))]
pub struct RfqDeclination {
    /// For the buyer.
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
}

/// An invited company.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RfqInvitation)]
pub struct InvitationDto {
    pub organisation_id: Uuid,
    pub invited_at: Time,
    /// Since when it has said that it does not quote.
    pub declined_at: Option<Time>,
    pub reason: Option<String>,
}

impl From<ApplicationRow> for ApplicationDto {
    fn from(row: ApplicationRow) -> Self {
        Self {
            organisation_id: row.organisation_id,
            state: row.state,
            note: row.note,
            documents: row.document_ids,
            reason: row.reason,
            applied_at: row.applied_at.into(),
            decided_at: row.decided_at.map(Into::into),
        }
    }
}

impl From<RecipientRow> for InvitationDto {
    fn from(row: RecipientRow) -> Self {
        Self {
            organisation_id: row.organisation_id,
            invited_at: row.received_at.into(),
            declined_at: row.declined_at.map(Into::into),
            reason: row.reason,
        }
    }
}
