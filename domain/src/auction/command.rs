//! What can be asked of the auctions of a portal.

use serde::{Deserialize, Serialize};

use super::bid::{BidNumber, LotNumber, NewBid};
use super::commitment::Digest;
use super::price::{Price, Units};
use super::rules::Rules;
use crate::kernel::{AuctionId, Currency, GroupId, OrganisationId};

/// What a sealed bid says, brought by who could open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plain {
    pub number: BidNumber,
    pub price: Price,
    pub units: Units,
    pub nonce: Digest,
}

/// A sealed bid as it comes in: what binds its bidder, and what only the holder of a key can read, who is not this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// [`super::commitment`] of the bid; published.
    pub commitment: Digest,
    /// Price, units and nonce, sealed outside. 1 to [`super::MAX_CIPHERTEXT`] bytes.
    pub ciphertext: Vec<u8>,
}

/// All input of the machine but the time. Those from `Bid` to `Top` are the bidders'; the others are the seller's, the operator's or the
/// host's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Publishes an auction; while none of its lots has opened, publishes it anew by other rules.
    List {
        auction: AuctionId,
        seller: OrganisationId,
        /// The group of the seller, none of whose companies bids.
        group: Option<GroupId>,
        /// 32 random bytes of this auction alone, from which pseudonyms and nonces follow. The first one stays.
        secret: Digest,
        rules: Box<Rules>,
    },
    /// Admits a company to bidding, or says anew to which group it belongs and whether its deposit is covered. One that was withdrawn is
    /// admitted again; its bids stay struck out.
    Admit {
        auction: AuctionId,
        company: OrganisationId,
        group: Option<GroupId>,
        deposit_covered: bool,
    },
    /// Takes a company out of an auction: its bids for lots that have not closed are struck out.
    Withdraw {
        auction: AuctionId,
        company: OrganisationId,
    },
    /// The same in all auctions, and it is admitted to none until it is reinstated.
    Suspend {
        company: OrganisationId,
    },
    Reinstate {
        company: OrganisationId,
    },
    /// An open bid.
    Bid {
        auction: AuctionId,
        lot: LotNumber,
        company: OrganisationId,
        bid: NewBid,
    },
    /// Ends the lot at its buy-now price.
    BuyNow {
        auction: AuctionId,
        lot: LotNumber,
        company: OrganisationId,
        currency: Currency,
    },
    /// Accepts the falling price, which has to be named.
    Accept {
        auction: AuctionId,
        lot: LotNumber,
        company: OrganisationId,
        price: Price,
        units: Units,
        currency: Currency,
    },
    /// Submits a sealed bid; one that the company has submitted before is replaced and loses its earlier time.
    Seal {
        auction: AuctionId,
        lot: LotNumber,
        company: OrganisationId,
        sealed: Sealed,
    },
    /// Takes a sealed bid back.
    Unseal {
        auction: AuctionId,
        lot: LotNumber,
        company: OrganisationId,
    },
    /// Tops the best sealed bid in the last part of a hybrid auction, once.
    Top {
        auction: AuctionId,
        lot: LotNumber,
        company: OrganisationId,
        price: Price,
        currency: Currency,
    },
    /// Brings what the sealed bids of a lot say, after [`super::Event::ToOpen`]. Those that are missing are void.
    Open {
        auction: AuctionId,
        lot: LotNumber,
        plain: Vec<Plain>,
    },
    /// Cancels all lots that have not closed.
    Cancel {
        auction: AuctionId,
    },
    /// Does all that is due. Who hosts the machine gives it before anything else once [`super::Auctions::due`] has come.
    Tick,
    /// Forgets an auction all of whose lots have closed.
    Forget {
        auction: AuctionId,
    },
}
