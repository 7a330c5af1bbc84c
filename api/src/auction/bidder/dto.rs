//! Bidders in JSON.

use infra::auction::bidder::BidderRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// A company would like to bid.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "We process 300 t of rebar a month."}))]
pub struct AuctionApplication {
    /// For the holder.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// Whom the holder invites. Those who are in the auction already stay what they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"organisation_ids": ["0190b5a0-0000-7000-8000-000000000001"]}))]
pub struct AuctionInvitations {
    #[schema(min_items = 1, max_items = 200)]
    pub organisation_ids: Vec<Uuid>,
}

/// What the holder says with its decision.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "The balance sheet is missing."}))]
pub struct BidderDecision {
    /// For the company.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// A company in an auction.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionBidder)]
pub struct BidderDto {
    pub organisation_id: Uuid,
    /// `invited`, `applied`, `admitted`, `refused` or `withdrawn`.
    #[schema(example = "applied")]
    pub state: String,
    pub note: Option<String>,
    /// Under which it bids: shown to itself, and to the holder once all lots have closed, of those who have won.
    pub pseudonym: Option<String>,
    pub created_at: Time,
    pub decided_at: Option<Time>,
}

impl BidderDto {
    pub fn of(row: &BidderRow, knows_pseudonym: bool) -> Self {
        Self {
            organisation_id: row.organisation_id,
            state: row.state.clone(),
            note: row.note.clone(),
            pseudonym: row.pseudonym.clone().filter(|_| knows_pseudonym),
            created_at: row.created_at.into(),
            decided_at: row.decided_at.map(Into::into),
        }
    }
}
