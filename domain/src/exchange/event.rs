//! What happened in a market.

use serde::{Deserialize, Serialize};

use super::order::{EndReason, NewOrder, OrderNumber, Side, TradeNumber};
use super::phase::{HaltReason, Phase};
use super::quantity::{Lots, Price};
use crate::kernel::{InstrumentId, OrganisationId};

/// Either for everybody, or for the company that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    Public(Public),
    Private(Private),
}

/// Market data. No company and no order is to be found in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Public {
    Trade {
        instrument: InstrumentId,
        trade: TradeNumber,
        session: u32,
        price: Price,
        lots: Lots,
        /// The side of the order that came in; none in a call.
        aggressor: Option<Side>,
    },
    /// What a price level shows now; 0 lots: it is gone. Belongs to the next [`Self::BookChanged`] of the instrument.
    Level {
        instrument: InstrumentId,
        side: Side,
        price: Price,
        lots: Lots,
    },
    /// One change of the book: all levels before it that no change has taken up. Changes are numbered without gaps.
    BookChanged {
        instrument: InstrumentId,
        change: u64,
        checksum: u32,
    },
    /// At which price, and with how many lots, the call would trade now; no price if nothing would.
    Indicative {
        instrument: InstrumentId,
        price: Option<Price>,
        lots: Lots,
        surplus: Lots,
        surplus_side: Option<Side>,
    },
    Phase {
        instrument: InstrumentId,
        from: Phase,
        to: Phase,
        halted_for: Option<HaltReason>,
    },
    /// The reference price, around which the band lies.
    Reference {
        instrument: InstrumentId,
        price: Price,
    },
    SessionEnded {
        instrument: InstrumentId,
        session: u32,
        last: Option<Price>,
    },
    Listed {
        instrument: InstrumentId,
    },
    RulesChanged {
        instrument: InstrumentId,
    },
}

/// What concerns one company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Private {
    pub company: OrganisationId,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Accepted {
        order: OrderNumber,
        instrument: InstrumentId,
        terms: NewOrder,
    },
    /// It stands in the book with so many lots, or waits there for a trigger or the closing auction.
    Rested {
        order: OrderNumber,
        price: Price,
        open: Lots,
    },
    Filled {
        order: OrderNumber,
        side: Side,
        trade: TradeNumber,
        price: Price,
        lots: Lots,
        open: Lots,
        counterparty: OrganisationId,
    },
    /// A stop became an order.
    Elected {
        order: OrderNumber,
    },
    Amended {
        order: OrderNumber,
        total: Lots,
        open: Lots,
        price: Price,
        trigger: Option<Price>,
        keeps_priority: bool,
    },
    /// Both orders of a self-trade lost so many lots.
    Decremented {
        order: OrderNumber,
        lots: Lots,
        open: Lots,
    },
    /// It ended with so many lots open.
    Ended {
        order: OrderNumber,
        open: Lots,
        reason: EndReason,
    },
    /// A trade of the company is settled.
    Settled {
        trade: TradeNumber,
    },
    Admitted,
    Suspended,
    Reinstated,
    LimitSet,
    HoldingSet {
        instrument: InstrumentId,
        lots: Lots,
    },
    CreditSet,
}
