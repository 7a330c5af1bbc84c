//! Rounds in JSON.

use domain::kernel::{OrganisationId, Timestamp};
use domain::sourcing::RoundInput;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auction::listing::dto::IncrementsDto;
use crate::http::dto::Time;

/// The next round.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqRoundData, example = json!({"kind": "best_and_final", "deadline": "2027-03-08T10:00:00Z"}))]
pub struct RoundData {
    /// `revision`: quotes may be revised, and other rounds may follow; `best_and_final`: the last chance to; `auction`: a reverse auction
    /// among the quoters.
    #[schema(pattern = "^(revision|best_and_final|auction)$")]
    pub kind: String,
    pub deadline: Time,
    /// Who takes part; all whose quotes stand, if nothing is said. What others quoted stands as it is.
    #[schema(min_items = 1, max_items = 500)]
    pub invited: Option<Vec<Uuid>>,
    /// How the auction goes; only of one.
    pub auction: Option<RoundAuctionDto>,
}

/// The reverse auction over all lines together.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RfqRoundAuction)]
pub struct RoundAuctionDto {
    pub opens_at: Time,
    /// By how much a bid is lower than the one that stands.
    pub increments: IncrementsDto,
    /// A bid in the last so many seconds moves the end.
    #[schema(minimum = 1, maximum = 31622400)]
    pub soft_close_seconds: Option<u32>,
    /// Above it nothing is bought; the lowest total of the quotes, if nothing is said.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub start_price: Option<String>,
}

impl RoundData {
    pub fn input(&self) -> RoundInput {
        let deadline: Timestamp = self.deadline.0;
        let invited = self.invited.as_ref().map(|all| all.iter().copied().map(OrganisationId).collect());
        RoundInput { kind: self.kind.clone(), deadline, invited }
    }
}
