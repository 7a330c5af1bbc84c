//! What became of a lot.

use serde::{Deserialize, Serialize};

use super::bid::BidNumber;
use super::price::{Price, Units, amount};
use super::pseudonym::Pseudonym;
use super::state::AuctionState;
use crate::kernel::OrganisationId;

/// What a winner gets, and what one unit costs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    pub bidder: OrganisationId,
    /// The bid that won.
    pub number: BidNumber,
    pub units: Units,
    pub price: Price,
}

impl Award {
    /// What is to be paid, in minor units, exact. Bids are of bounded amounts, so that every award of the machine has one.
    pub fn amount(&self) -> Option<i64> {
        amount(self.price, self.units)
    }
}

/// An award with the name under which its winner has been known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosed {
    pub pseudonym: Pseudonym,
    pub award: Award,
}

/// The best bid of those who won nothing: to whom the seller may offer a lot of one unit if it is not sold after all. Who it is stays
/// unknown to the seller until then. The price is the maximum of who was outbid, and what stood for who led below the reserve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunnerUp {
    pub pseudonym: Pseudonym,
    pub price: Price,
}

/// How a lot closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Sold,
    NoBids,
    /// There were bids, but none of them reached the reserve.
    ReserveNotMet,
    /// Fewer units than there are found buyers, and the auction is cancelled then.
    Undersubscribed,
    /// By the seller or the operator.
    Cancelled,
}

impl Outcome {
    pub const ALL: [Self; 5] = [Self::Sold, Self::NoBids, Self::ReserveNotMet, Self::Undersubscribed, Self::Cancelled];

    pub fn code(self) -> &'static str {
        match self {
            Self::Sold => "sold",
            Self::NoBids => "no_bids",
            Self::ReserveNotMet => "reserve_not_met",
            Self::Undersubscribed => "undersubscribed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Where the lot stands then.
    pub fn state(self) -> AuctionState {
        match self {
            Self::Sold => AuctionState::Sold,
            Self::NoBids | Self::ReserveNotMet => AuctionState::Unsold,
            Self::Undersubscribed | Self::Cancelled => AuctionState::Cancelled,
        }
    }
}
