//! Defaults in JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::MoneyDto;

/// A winner does not keep its word.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"organisation_id": "0190b5a0-0000-7000-8000-000000000001"}))]
pub struct WinnerDefault {
    /// The winner.
    pub organisation_id: Uuid,
}

/// What followed from that.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionDefault)]
pub struct DefaultDto {
    pub auction_id: Uuid,
    pub lot: i16,
    pub organisation_id: Uuid,
    /// Where the lot stands now: `unsold` if nobody else has won a part of it.
    #[schema(example = "unsold")]
    pub state: String,
    /// What you got of its deposit; null if none was held.
    pub deposit: Option<MoneyDto>,
}
