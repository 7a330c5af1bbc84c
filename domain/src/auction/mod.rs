//! Auctions: surplus stock to the best bid, as one deterministic state machine for all running auctions of a portal.
//!
//! [`Auctions::apply`] takes a [`Command`] and the time, and gives an [`Answer`] and [`Event`]s, or a [`Rejection`] that has changed
//! nothing. There is no other input: equal commands at equal times give equal states, events and snapshots, bit for bit.
//!
//! Prices are whole minor units of a currency for one unit, whole as well. Who wins is decided by pure functions, a file each:
//! `english` (open bids with proxies, up and down), `dutch`, `sealed`, `hybrid`, `allocation` (many units). What a company keeps to
//! itself never leaves the machine in a public event; what is sealed does not even come in before the close.

mod accepting;
mod admission;
mod allocation;
mod auctions;
mod award;
mod bid;
mod bidder_state;
mod bidding;
mod chain;
mod closing;
mod command;
mod commitment;
mod deposit;
mod dutch;
mod english;
mod event;
mod format;
mod hybrid;
mod in_default;
mod increments;
mod increments_input;
mod lot;
mod lot_input;
mod preset;
mod price;
mod pseudonym;
mod rejection;
mod rules;
mod sale;
mod sealed;
mod sealing;
mod second_offer;
mod snapshot;
mod sold_line;
mod state;
mod terms;
mod terms_input;
mod topping;
mod view;
mod wire;

pub use admission::MAX_BIDDERS;
pub use allocation::{allocate, priced};
pub use auctions::{Answer, Auctions};
pub use award::{Award, Disclosed, Outcome, RunnerUp};
pub use bid::{Bid, BidNumber, LotNumber, NewBid, Receipt};
pub use bidder_state::{BidderState, BidderStep};
pub use chain::{Act, Broken, Entry, beginning, link, verify};
pub use command::{Command, Plain, Sealed};
pub use commitment::{Committed, Digest, commitment};
pub use deposit::{DepositState, DepositStep, check_release};
pub use dutch::Clock;
pub use english::{Ladder, Standing};
pub use event::{Change, Event, Private, Public, Void, What};
pub use format::{Access, Disclosure, Format, Pricing, Undersubscribed};
pub use hybrid::Hybrid;
pub use in_default::{DAYS_TO_DECLARE, DAYS_TO_SIGN, Pledge};
pub use increments::{Increments, MAX_RANGES, Range};
pub use increments_input::{IncrementsInput, RangeInput};
pub use lot::{Phase, SealedBid};
pub use lot_input::LotInput;
pub use preset::{Preset, Settings};
pub use price::{Direction, MAX_AMOUNT, MAX_PRICE, MAX_UNITS, Price, Units, amount, decimal_of, price_of};
pub use pseudonym::Pseudonym;
pub use rejection::Rejection;
pub use rules::{Fall, LONGEST, LotRules, MAX_LOTS, MAX_STEPS, Parts, Rules, SoftClose};
pub use sealed::{first_price, second_price};
pub use sealing::MAX_CIPHERTEXT;
pub use second_offer::{HOURS_TO_ANSWER, OfferAnswer, SecondOffer, offer_end};
pub use sold_line::{SoldLine, sold_line};
pub use state::{AuctionState, AuctionStep};
pub use terms::{Goods, LAST_CHANGE_SECONDS, Terms};
pub use terms_input::AuctionInput;
pub use view::{Admitted, LotView, Own};

#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;
