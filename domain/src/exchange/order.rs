//! Orders as they are sent, and what became of them.

use serde::{Deserialize, Serialize};

use super::client_order_id::ClientOrderId;
use super::quantity::{Lots, MAX_LOTS, MAX_PRICE, MIN_PRICE, Price};
use super::rejection::Rejection;
use crate::kernel::{InstrumentId, Timestamp};

/// The number of an order in its market. Later orders have higher numbers; the low 24 bits say where it lies in memory, so that
/// an order is found without a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderNumber(pub u64);

/// The number of a trade in its market: 1, 2, 3 …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TradeNumber(pub u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Buy,
    Sell,
}

impl Side {
    pub fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// Whether an order of this side with that limit may trade at a price.
    pub fn accepts(self, limit: Price, price: Price) -> bool {
        match self {
            Self::Buy => price <= limit,
            Self::Sell => price >= limit,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderType {
    /// Trades at `price` or better.
    Limit { price: Price },
    /// Trades at any price. What is left is cancelled, unless there is a protection price: then it stops there and rests.
    Market { protection: Option<Price> },
    /// Becomes a market order when a trade at `trigger` or beyond is printed.
    Stop { trigger: Price, protection: Option<Price> },
    /// Becomes a limit order when a trade at `trigger` or beyond is printed.
    StopLimit { trigger: Price, price: Price },
    /// A limit order that shows at most `display` lots at a time.
    Iceberg { price: Price, display: Lots },
}

impl OrderType {
    pub fn trigger(self) -> Option<Price> {
        match self {
            Self::Stop { trigger, .. } | Self::StopLimit { trigger, .. } => Some(trigger),
            _ => None,
        }
    }

    /// The stated limit; none for a market order without protection.
    pub fn limit(self) -> Option<Price> {
        match self {
            Self::Limit { price } | Self::StopLimit { price, .. } | Self::Iceberg { price, .. } => Some(price),
            Self::Market { protection } | Self::Stop { protection, .. } => protection,
        }
    }

    pub fn display(self) -> Option<Lots> {
        match self {
            Self::Iceberg { display, .. } => Some(display),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeInForce {
    /// Good till cancelled.
    Gtc,
    /// Until the end of the session.
    Day,
    /// Until an instant.
    Gtd(Timestamp),
    /// Immediate or cancel.
    Ioc,
    /// Fill or kill: the whole at once, over any levels, or nothing.
    Fok,
    /// For the opening auction alone.
    AtOpen,
    /// For the closing auction alone.
    AtClose,
}

impl TimeInForce {
    /// Whether what does not trade at once may stay.
    pub fn rests(self) -> bool {
        !matches!(self, Self::Ioc | Self::Fok)
    }

    /// Whether it is for one call auction alone.
    pub fn is_for_call(self) -> bool {
        matches!(self, Self::AtOpen | Self::AtClose)
    }
}

/// An order as a member sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOrder {
    pub client_order_id: ClientOrderId,
    pub side: Side,
    pub order_type: OrderType,
    /// The total.
    pub lots: Lots,
    pub time_in_force: TimeInForce,
    /// Refused rather than traded on entry.
    pub post_only: bool,
    /// Cancelled as a whole if not so much trades on entry.
    pub min_quantity: Option<Lots>,
    /// Another live order of the company in the same instrument: when one trades or ends, the other is cancelled (OCO).
    pub linked_to: Option<OrderNumber>,
}

impl NewOrder {
    /// Whether its parts are in range and fit each other, whatever the market is like.
    pub fn check(&self) -> Result<(), Rejection> {
        if self.lots == 0 || self.lots > MAX_LOTS {
            return Err(Rejection::LotsOutOfRange);
        }
        if let OrderType::Limit { price } = self.order_type {
            check_price(price)?;
        } else {
            for price in [self.order_type.trigger(), self.order_type.limit()].into_iter().flatten() {
                check_price(price)?;
            }
        }
        if self.order_type.display().is_some_and(|display| display == 0 || display > self.lots) {
            return Err(Rejection::DisplayOutOfRange);
        }
        if self.min_quantity.is_some_and(|least| least == 0 || least > self.lots) {
            return Err(Rejection::MinQuantityOutOfRange);
        }
        if self.fits() { Ok(()) } else { Err(Rejection::Combination) }
    }

    fn fits(&self) -> bool {
        let (kind, tif) = (self.order_type, self.time_in_force);
        let is_stop = kind.trigger().is_some();
        let plain = tif.rests() && !tif.is_for_call();
        if plain && !self.post_only && self.min_quantity.is_none() {
            return true;
        }
        let stop_fits = !is_stop || plain && self.min_quantity.is_none() && !self.post_only;
        let post_only_fits =
            !self.post_only || plain && !matches!(kind, OrderType::Market { .. }) && self.min_quantity.is_none();
        let min_fits = self.min_quantity.is_none() || plain || tif == TimeInForce::Ioc;
        let display_fits = kind.display().is_none() || tif.rests();
        stop_fits && post_only_fits && min_fits && display_fits
    }
}

pub fn check_price(price: Price) -> Result<(), Rejection> {
    if (MIN_PRICE..=MAX_PRICE).contains(&price) { Ok(()) } else { Err(Rejection::PriceOutOfRange) }
}

/// A change of a live order; what is `None` stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Amendment {
    /// The new *total*: amending it to what is already filled, or less, ends the order.
    pub lots: Option<Lots>,
    /// The new limit (or protection price).
    pub price: Option<Price>,
    /// The new trigger of a stop that has not been elected.
    pub trigger: Option<Price>,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// In the book.
    Resting,
    /// A stop that waits for its trigger.
    AwaitingTrigger,
    /// Waits for the closing auction.
    AwaitingClose,
    Filled,
    Ended(EndReason),
}

/// Why an order ended before it was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// By its company.
    Cancelled,
    /// Amended to what was already filled, or less.
    Reduced,
    /// Its instant (`gtd`), its session (`day`) or its call (`at_open`, `at_close`) is over.
    Expired,
    /// The rest of an `ioc` order, or of a market order without protection.
    Unfilled,
    /// A `fok` order that could not be filled as a whole.
    NotFillable,
    MinQuantity,
    SelfTrade,
    /// The order that it was linked to traded or ended.
    Linked,
    /// The price band has moved away from it.
    OutsideBand,
    /// Its company may not trade any more.
    Suspended,
}

/// What became of an order: the answer to its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderReport {
    pub order: OrderNumber,
    pub instrument: InstrumentId,
    pub client_order_id: ClientOrderId,
    pub state: OrderState,
    pub filled: Lots,
    /// What may still trade.
    pub open: Lots,
    /// The sum of price × lots over its fills: divided by `filled` it is the average price.
    pub turnover: i128,
    /// The order was sent before: this is what happened to it then and since, and nothing was done now.
    pub replayed: bool,
}
