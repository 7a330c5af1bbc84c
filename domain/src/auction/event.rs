//! What happened in the auctions of a portal.

use serde::{Deserialize, Serialize};

use super::award::{Award, Disclosed, Outcome, RunnerUp};
use super::bid::{BidNumber, LotNumber, Receipt};
use super::chain::Entry;
use super::commitment::Digest;
use super::lot::Phase;
use super::price::{Price, Units};
use super::pseudonym::Pseudonym;
use crate::kernel::{AuctionId, OrganisationId, Timestamp};

/// For everybody who may see the auction, for the company that it names, or for the host of the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Public(Public),
    Private(Private),
    /// The sealed bids of a lot are to be opened: [`super::Auctions::sealed_bids`] has them, [`super::Command::Open`] takes what they say.
    ToOpen {
        auction: AuctionId,
        lot: LotNumber,
    },
}

/// One change of a lot. Changes are numbered from 1 on without gaps. Bidders stand in them by their pseudonyms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Public {
    pub auction: AuctionId,
    pub lot: LotNumber,
    pub change: u64,
    pub at: Timestamp,
    pub what: Change,
}

/// What has changed. Prices are of one unit, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It was published, or published anew by other rules.
    Listed { opens_at: Timestamp, ends_at: Timestamp },
    /// Another part has begun: the first one at the opening.
    Phase { phase: Phase, price: Option<Price>, ends_at: Timestamp },
    /// The price has fallen.
    Price { price: Price },
    /// An act was entered in the history; what stands after it.
    Entered {
        entry: Entry,
        price: Option<Price>,
        /// Who leads a lot of one unit.
        leader: Option<Pseudonym>,
        reserve_met: bool,
        /// Of a lot whose units go one after the other.
        units_left: Option<Units>,
        ends_at: Timestamp,
    },
    /// The sealed bids were opened: how many are valid, and which are void.
    Opened { valid: u32, void: Vec<BidNumber> },
    /// It has closed, once and for all.
    Closed {
        outcome: Outcome,
        /// How many acts the history holds, and the hash of the last one.
        entries: u32,
        last_hash: Digest,
        /// Where the disclosure of the auction is public; empty otherwise.
        awards: Vec<Disclosed>,
    },
}

/// What concerns one company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Private {
    pub company: OrganisationId,
    pub auction: AuctionId,
    pub what: What,
}

/// What a company is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It may bid, under that name.
    Admitted { pseudonym: Pseudonym, deposit_covered: bool },
    /// It may not bid any more.
    Withdrawn,
    /// It bid; the maximum is what nobody else sees.
    Accepted { receipt: Receipt, maximum: Option<Price>, units: Units },
    /// It led, and leads no more (or leads fewer units, where there are several).
    Outbid { lot: LotNumber, price: Option<Price>, leading: Units },
    /// Its sealed bid was opened.
    Opened { lot: LotNumber, number: BidNumber, price: Price, units: Units },
    /// Its sealed bid counts for nothing.
    Void { lot: LotNumber, number: BidNumber, why: Void },
    /// It accepted the falling price, and may top that price until then.
    MayTop { lot: LotNumber, price: Price, least: Price, until: Timestamp },
    /// It gets so many units at that price.
    Won { lot: LotNumber, award: Award },
    /// To the seller, and to those whom the disclosure names.
    Result { lot: LotNumber, outcome: Outcome, awards: Vec<Disclosed> },
    /// To the seller.
    RunnerUp { lot: LotNumber, runner_up: RunnerUp },
    /// All lots have closed: its deposit is free, since it has won nothing, or stays bound until its contracts are kept.
    Deposit { released: bool },
}

/// Why an opened bid is void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Void {
    /// Nobody brought what it says.
    NotOpened,
    /// It is not what its bidder committed to.
    NotAsCommitted,
    PriceOutOfRange,
    UnitsOutOfRange,
    BelowStart,
    /// It is not above the price that was accepted in the first part.
    NotAboveAccepted,
}

impl Void {
    pub const ALL: [Self; 6] = [
        Self::NotOpened,
        Self::NotAsCommitted,
        Self::PriceOutOfRange,
        Self::UnitsOutOfRange,
        Self::BelowStart,
        Self::NotAboveAccepted,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::NotOpened => "not_opened",
            Self::NotAsCommitted => "not_as_committed",
            Self::PriceOutOfRange => "price_out_of_range",
            Self::UnitsOutOfRange => "units_out_of_range",
            Self::BelowStart => "below_start",
            Self::NotAboveAccepted => "not_above_accepted",
        }
    }
}
