//! Who may do what in auctions. What a portal allows an organisation is its capability there: `sell` (or `buy`, for auctions in which
//! suppliers undercut each other) to hold auctions, `bid` to bid.

use domain::party::Role::{self, Admin, Buyer, Finance, Owner, Seller, Trader};
use domain::party::Scope;

use crate::http::principal::Right;

/// See one's own bids, deposits and offers. Auctions themselves are read by whoever sees the portal.
pub const READ: Right = Right::of(&Role::ALL, Scope::AuctionsRead);

/// Hold auctions.
pub const HOLD: Right = Right::trading(&[Owner, Seller, Buyer], Scope::AuctionsWrite);

/// Apply, ask, bid, and answer offers.
pub const BID: Right = Right::trading(&[Owner, Buyer, Seller, Trader], Scope::AuctionsBid);

/// Bind money for an auction, and free it.
pub const DEPOSIT: Right = Right::trading(&[Owner, Finance, Buyer, Trader, Seller], Scope::AuctionsBid);

/// With the capability `manage`: cancel auctions of others on the portal.
pub const MANAGE: Right = Right::of(&[Owner, Admin], Scope::AuctionsWrite);
