//! Bids in JSON.

use domain::auction::{Change, Digest, Event, Public, Receipt};
use infra::auction::receipt::ReceiptRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auction::hall::{Called, Done};
use crate::http::body::Plain;
use crate::http::dto::{MoneyDto, Time};

fn first() -> u16 {
    1
}

fn one() -> u64 {
    1
}

/// A bid as you send it. What it means, the format of the auction says: an open bid in `english` and `reverse_english`; the acceptance of the
/// current price in `dutch`; a sealed bid in `sealed_first_price` and `sealed_second_price`; and in `hybrid` the one or the other, or topping
/// the best sealed bid, as the part says in which the lot is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lot": 1, "price": {"amount": "120.00", "currency": "EUR"}, "maximum": {"amount": "150.00", "currency": "EUR"}}))]
pub struct NewAuctionBid {
    #[serde(default = "first")]
    #[schema(default = 1, minimum = 1)]
    pub lot: u16,
    /// Of one unit. Where you name a `maximum`, you may leave it out and bid the least that is taken.
    pub price: Option<MoneyDto>,
    /// Up to where the system goes on bidding for you, by the least steps that suffice. Nobody else sees it. Only where bids are open and
    /// the auction takes maxima.
    pub maximum: Option<MoneyDto>,
    /// How many units, where the lot has several.
    #[serde(default = "one")]
    #[schema(default = 1, minimum = 1)]
    pub units: u64,
    /// For sealed bids: 32 random bytes of yours, as 64 hexadecimal digits, which go into the commitment. Without them the server takes
    /// some, and tells you.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub nonce: Option<String>,
}

impl Plain for NewAuctionBid {
    /// The nonce has spellings that the rules take and the schema does not.
    fn is_plain(&self) -> bool {
        self.nonce.is_none()
    }
}

/// Which lot.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AuctionLotChoice, example = json!({"lot": 1}))]
pub struct LotChoice {
    #[serde(default = "first")]
    #[schema(default = 1, minimum = 1)]
    pub lot: u16,
}

/// What you get for an act that was taken: your proof of it. Its number says when the server took it among all acts on the lot, its hash
/// binds it to all before it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuctionReceipt)]
pub struct ReceiptDto {
    pub auction_id: Uuid,
    pub lot: u16,
    pub number: u32,
    pub at: Time,
    /// The link of the lot's chain that your act made.
    #[schema(min_length = 64, max_length = 64)]
    pub hash: String,
    /// What the history shows of your maximum, or your sealed bid: a SHA-256 that you can prove with the nonce.
    #[schema(min_length = 64, max_length = 64)]
    pub commitment: String,
    /// None where nothing was offered.
    pub nonce: Option<String>,
    /// How many units you would get if the lot closed now; none where nobody can know.
    pub leading: Option<u64>,
    /// Whether you lead: you would get at least one unit.
    pub leads: bool,
    /// The price of one unit that stands now, if one does and it may be known.
    pub price: Option<MoneyDto>,
    pub ends_at: Time,
}

impl ReceiptDto {
    /// The receipt of the one act of a call. `nonce` is that of a sealed bid.
    pub fn of(receipt: &Receipt, done: &Done, called: &Called, nonce: Option<Digest>) -> Self {
        Self {
            auction_id: receipt.auction.0,
            lot: receipt.lot,
            number: receipt.number.0,
            at: receipt.at.into(),
            hash: receipt.hash.to_string(),
            commitment: commitment(receipt, &done.events).to_string(),
            nonce: receipt.nonce.or(nonce).map(|nonce| nonce.to_string()),
            leading: receipt.leading,
            leads: receipt.leads(),
            price: receipt.price.map(|price| called.price(price)),
            ends_at: receipt.ends_at.into(),
        }
    }
}

/// The commitment in the entry that the act has made.
fn commitment(receipt: &Receipt, events: &[Event]) -> Digest {
    let entries = events.iter().filter_map(|event| match event {
        Event::Public(Public { what: Change::Entered { entry, .. }, .. }) => Some(entry),
        _ => None,
    });
    let own = entries.into_iter().find(|entry| entry.hash == receipt.hash);
    own.map_or(Digest::ZERO, |entry| entry.commitment)
}

/// A bid of yours, or another act.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnAuctionBid)]
pub struct OwnBidDto {
    pub lot: i16,
    pub number: i32,
    pub at: Time,
    /// `bid`, `buy_now`, `accept`, `seal`, `unseal` or `top`.
    #[schema(example = "bid")]
    pub act: String,
    /// What you offered openly for one unit.
    pub price: Option<MoneyDto>,
    /// Your maximum.
    pub maximum: Option<MoneyDto>,
    /// None of a sealed bid that was not opened yet.
    pub units: Option<i64>,
    pub commitment: String,
    pub hash: String,
    /// Of a sealed bid you alone have it.
    pub nonce: Option<String>,
    /// What your sealed bid was found to offer.
    pub opened_price: Option<MoneyDto>,
    /// Why it counts for nothing: `not_opened`, `not_as_committed`, `price_out_of_range`, `units_out_of_range`, `below_start` or
    /// `not_above_accepted`.
    pub void: Option<String>,
}

impl OwnBidDto {
    pub fn of(row: ReceiptRow, called: &Called) -> Self {
        let price = |minor: Option<i64>| minor.map(|minor| called.price(minor));
        Self {
            lot: row.lot,
            number: row.number,
            at: row.at.into(),
            act: row.act,
            price: price(row.price),
            maximum: price(row.maximum),
            units: Some(row.units).filter(|units| *units > 0),
            commitment: hex::encode(row.commitment),
            hash: hex::encode(row.hash),
            nonce: row.nonce.map(hex::encode),
            opened_price: price(row.opened_price),
            void: row.void,
        }
    }
}

/// Which of your bids to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OwnBidQuery {
    #[param(minimum = 1)]
    pub lot: Option<u16>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}
