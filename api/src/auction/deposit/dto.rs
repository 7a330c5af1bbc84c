//! Deposits for auctions in JSON.

use infra::auction::deposit::DepositRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{MoneyDto, Time};

/// What a company has bound for an auction.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionDeposit)]
pub struct AuctionDepositDto {
    pub id: Uuid,
    pub auction_id: Uuid,
    pub amount: MoneyDto,
    /// `held`, `released`, or `taken` by the holder, since a winner was in default.
    #[schema(example = "held")]
    pub state: String,
    pub held_at: Time,
    pub ended_at: Option<Time>,
}

impl From<&DepositRow> for AuctionDepositDto {
    fn from(row: &DepositRow) -> Self {
        Self {
            id: row.id,
            auction_id: row.auction_id,
            amount: MoneyDto::of(row.amount, &row.currency),
            state: row.state.clone(),
            held_at: row.held_at.into(),
            ended_at: row.ended_at.map(Into::into),
        }
    }
}
