//! Bids as they are sent in, and as a lot keeps them.

use serde::{Deserialize, Serialize};

use super::commitment::Digest;
use super::price::{Price, Units};
use crate::kernel::{AuctionId, Currency, OrganisationId, Timestamp};

/// The number of a lot in its auction, from 1 on.
pub type LotNumber = u16;

/// The number of an act in the history of a lot, from 1 on without gaps: the order in which the server took bids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BidNumber(pub u32);

/// A bid in an open auction, as it is sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewBid {
    /// What is offered now; the least that is taken, if only a maximum is named.
    pub price: Option<Price>,
    /// Up to where the system may go on bidding for the company (a proxy bid); seen by nobody else. The price, if it is not named.
    pub maximum: Option<Price>,
    /// 1 where the lot is one unit.
    pub units: Units,
    pub currency: Currency,
}

/// What a company bids for a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bid {
    pub bidder: OrganisationId,
    /// The place in the order of time: of equal bids the one with the lower number wins.
    pub number: BidNumber,
    /// What was offered openly.
    pub offer: Price,
    /// The offer, where there is no proxy bid.
    pub maximum: Price,
    pub units: Units,
}

/// What a bidder gets for an act that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub auction: AuctionId,
    pub lot: LotNumber,
    pub number: BidNumber,
    pub at: Timestamp,
    /// The link of the lot's chain that this act made.
    pub hash: Digest,
    /// With which its bidder proves what the commitment in the history stands for; none for sealed bids, whose nonce the bidder made.
    pub nonce: Option<Digest>,
    /// How many units the bidder would get if the lot closed now; `None` where nobody can know, as in a sealed auction.
    pub leading: Option<Units>,
    /// The price that stands, if one does and it may be known.
    pub price: Option<Price>,
    pub ends_at: Timestamp,
}

impl Receipt {
    /// Whether the bidder leads.
    pub fn leads(&self) -> bool {
        self.leading.is_some_and(|units| units > 0)
    }
}
