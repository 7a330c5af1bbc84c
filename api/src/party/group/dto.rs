//! Groups of companies in JSON.

use infra::party::organisation::OrganisationRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// Names the parent of your organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"parent_id": "0190b5a0-0000-7000-8000-000000000001"}))]
pub struct ParentProposal {
    pub parent_id: Uuid,
}

/// A company that belongs to another one's group, or says so.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Affiliate)]
pub struct AffiliateDto {
    pub organisation_id: Uuid,
    pub legal_name: String,
    pub country: String,
    #[schema(example = "verified")]
    pub state: String,
    /// When the parent agreed; null while it has not.
    pub confirmed_at: Option<Time>,
}

impl From<OrganisationRow> for AffiliateDto {
    fn from(row: OrganisationRow) -> Self {
        Self {
            organisation_id: row.id,
            legal_name: row.legal_name,
            country: row.country,
            state: row.state,
            confirmed_at: row.parent_confirmed_at.map(Time::from),
        }
    }
}
