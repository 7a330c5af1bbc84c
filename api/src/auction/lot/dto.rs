//! Lots in JSON.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auction::listing::show::AwardDto;
use crate::http::dto::{MoneyDto, Time};

/// A lot as everybody may see it who may see the auction. Prices are of one unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AuctionLot)]
pub struct LotDto {
    pub auction_id: Uuid,
    pub number: u16,
    /// `scheduled`, `bidding` (open bids answer each other), `falling` (the price falls), `sealing` (sealed bids come in), `opening` (they
    /// are being opened), `topping` (the best of them may be topped) or `closed`.
    #[schema(example = "bidding")]
    pub phase: String,
    /// How it closed: `sold`, `no_bids`, `reserve_not_met`, `undersubscribed` or `cancelled`.
    pub outcome: Option<String>,
    /// The end of the part that runs.
    pub ends_at: Time,
    /// The server's time, for a true countdown.
    pub now: Time,
    /// What stands: of the leader, of the last winner of several units, of the falling price, or the price to be topped.
    pub price: Option<MoneyDto>,
    /// Who leads a lot of one unit, by the name under which it bids here.
    pub leader: Option<String>,
    /// Whether it would be sold at the price that stands.
    pub reserve_met: bool,
    /// How many equal units are sold.
    pub units: u64,
    /// Where they go one after the other.
    pub units_left: Option<u64>,
    /// The least that is taken of who does not lead, where bids are open.
    pub minimum: Option<MoneyDto>,
    /// The best that is taken, where steps are bounded above.
    pub most: Option<MoneyDto>,
    /// At what it can be bought at once, as long as it can.
    pub buy_now_price: Option<MoneyDto>,
    /// How many acts its history holds.
    pub entries: u32,
    /// The hash of the last one, which is the published one once the lot has closed.
    #[schema(min_length = 64, max_length = 64)]
    pub last_hash: String,
    /// The number of its last change, as the stream numbers them.
    pub changes: u64,
    /// What your organisation has in it, if it was admitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnDto>,
}

/// What a bidder has in a lot; for itself alone.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = OwnInAuctionLot)]
pub struct OwnDto {
    /// The name under which it bids in this auction.
    #[schema(example = "K7QX2M4P")]
    pub pseudonym: String,
    /// How many units it would get if the lot closed now, where that can be known.
    pub leading: Option<u64>,
    /// The best that it bid, openly or as a maximum.
    pub maximum: Option<MoneyDto>,
    /// Whether a sealed bid of it waits.
    pub sealed: bool,
}

/// An act on a lot, bound to all before it. The hash is the SHA-256 of the hash before it (32 bytes; before the first, the SHA-256 of
/// `torg/auction/chain/1`, the auction's UUID and the number of the lot in 2 bytes), the number (4), the time in microseconds since 1970 (8),
/// the act (1: `bid` 0, `buy_now` 1, `accept` 2, `seal` 3, `unseal` 4, `top` 5, `strike_out` 6), the number that the bidder's name is in
/// Crockford's base 32 (8), whether there is a price (1), the price in minor units or 0 (8), the units (8) and the commitment (32); numbers
/// are big-endian.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionEntry)]
pub struct EntryDto {
    /// From 1 on without gaps: the order in which the server took them.
    pub number: i32,
    pub at: Time,
    /// `bid`, `buy_now`, `accept`, `seal`, `unseal`, `top`, or `strike_out` (the bidder's bids count no more).
    #[schema(example = "bid")]
    pub act: String,
    #[schema(example = "K7QX2M4P")]
    pub bidder: String,
    /// What was offered openly; none of a sealed bid, and of a bid that only moves its bidder's maximum.
    pub price: Option<MoneyDto>,
    /// 0 where they are not open.
    pub units: i64,
    /// To what the bidder keeps to itself; zeros where nothing was offered.
    pub commitment: String,
    pub hash: String,
}

/// How a lot closed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionResult)]
pub struct ResultDto {
    pub auction_id: Uuid,
    pub lot: u16,
    /// `sold`, `no_bids`, `reserve_not_met`, `undersubscribed` or `cancelled`; none while it runs.
    pub outcome: Option<String>,
    pub closed_at: Option<Time>,
    /// How many acts the history holds.
    pub entries: i32,
    /// The hash of the last one.
    pub last_hash: String,
    /// Whether you see all awards, as the auction's `disclosure` says; otherwise only your own are listed.
    pub disclosed: bool,
    pub awards: Vec<AwardDto>,
}
