//! A lot as it runs.

use serde::{Deserialize, Serialize};

use super::award::Outcome;
use super::bid::{Bid, BidNumber};
use super::commitment::Digest;
use super::english::Standing;
use super::price::Price;
use super::rejection::Rejection;
use super::state::AuctionState;
use crate::kernel::{OrganisationId, Timestamp};

/// In which part a lot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Scheduled,
    /// Open bids answer each other.
    Bidding,
    /// The price falls.
    Falling,
    /// Sealed bids come in.
    Sealing,
    /// The sealed bids are being opened.
    Opening,
    /// The best sealed bid may be topped.
    Topping,
    Closed(Outcome),
}

impl Phase {
    pub fn code(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Bidding => "bidding",
            Self::Falling => "falling",
            Self::Sealing => "sealing",
            Self::Opening => "opening",
            Self::Topping => "topping",
            Self::Closed(_) => "closed",
        }
    }

    /// Where the lot stands as a document.
    pub fn state(self) -> AuctionState {
        match self {
            Self::Scheduled => AuctionState::Scheduled,
            Self::Bidding | Self::Falling | Self::Sealing | Self::Opening | Self::Topping => AuctionState::Open,
            Self::Closed(outcome) => outcome.state(),
        }
    }

    pub fn is_closed(self) -> bool {
        matches!(self, Self::Closed(_))
    }
}

/// A sealed bid that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedBid {
    pub bidder: OrganisationId,
    pub number: BidNumber,
    pub commitment: Digest,
    /// Price, units and nonce, sealed outside the machine.
    pub ciphertext: Vec<u8>,
}

/// The state of a lot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lot {
    pub phase: Phase,
    /// The end of the part that runs.
    pub ends_at: Timestamp,
    /// When the machine has to do something about it.
    pub wakes_at: Option<Timestamp>,
    /// How many acts the history holds.
    pub entries: u32,
    pub last_hash: Digest,
    /// How many changes were told.
    pub changes: u64,
    /// The bids that count: the last one of each bidder in open auctions, all acceptances where the price falls, the valid ones once
    /// sealed bids are opened.
    pub bids: Vec<Bid>,
    /// Who leads, in open auctions of one unit.
    pub standing: Option<Standing>,
    /// By their numbers.
    pub sealed: Vec<SealedBid>,
    /// The price that was accepted in the first part of a hybrid auction, and the bid of who accepted it.
    pub accepted: Option<Price>,
    pub taker: Option<Bid>,
}

impl Lot {
    /// Before it opens.
    pub fn new(opens_at: Timestamp, ends_at: Timestamp, last_hash: Digest) -> Self {
        Self {
            phase: Phase::Scheduled,
            ends_at,
            wakes_at: Some(opens_at),
            entries: 0,
            last_hash,
            changes: 0,
            bids: Vec::new(),
            standing: None,
            sealed: Vec::new(),
            accepted: None,
            taker: None,
        }
    }

    /// Refuses what comes in another part than that, or at its end or later.
    pub fn check_runs(&self, phase: Phase, at: Timestamp) -> Result<(), Rejection> {
        let is_over = matches!(self.phase, Phase::Opening | Phase::Closed(_));
        if is_over || self.phase != Phase::Scheduled && at >= self.ends_at {
            return Err(Rejection::TooLate);
        }
        if self.phase == phase { Ok(()) } else { Err(Rejection::NotOpen) }
    }

    /// The bid of a company, if it has one.
    pub fn bid_of(&self, company: OrganisationId) -> Option<&Bid> {
        self.bids.iter().find(|bid| bid.bidder == company)
    }
}
