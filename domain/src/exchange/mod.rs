//! The exchange: commodities traded in lots on an order book, as one deterministic state machine.
//!
//! [`Market::apply`] takes a [`Command`] and the time, and gives an [`Answer`] and [`Event`]s, or a [`Rejection`] that has changed
//! nothing. There is no other input: equal commands at equal times give equal states, events and snapshots, bit for bit.
//!
//! Prices are whole ticks, quantities whole lots, amounts whole 10⁻¹² of a currency's unit; [`Rules`] translate.

mod administration;
mod amend;
mod book;
mod call;
mod cancel;
mod clearing;
mod client_order_id;
mod command;
mod credit;
mod depth;
mod event;
mod fillable;
mod grade;
mod hashing;
mod instrument;
mod listing;
mod market;
mod matching;
mod member;
mod naming;
mod order;
mod order_input;
mod orders;
mod phase;
mod place;
mod pool;
mod quantity;
mod rejection;
mod remembered;
mod risk;
mod roster;
mod schedule;
mod schedule_input;
mod self_trade;
mod session;
mod settlement;
mod snapshot;
mod stops;
mod sweep;
mod table;
mod terms;
mod terms_input;
mod trades;
mod wire;

pub use book::{CHECKED_LEVELS, checksum_part};
pub use clearing::{Cleared, Deal, PricedDeal, PricedLine, clear};
pub use client_order_id::ClientOrderId;
pub use command::Command;
pub use depth::{Depth, DepthLevel, Status};
pub use event::{Event, Private, Public, What};
pub use grade::{Differential, Tolerance};
pub use instrument::{Band, Guarantee, Rules};
pub use listing::Indicative;
pub use market::{Answer, Market, REMEMBERED};
pub use member::{Account, GroupId, Position};
pub use naming::{order_id, order_number, trade_id};
pub use order::{
    Amendment, EndReason, NewOrder, OrderNumber, OrderReport, OrderState, OrderType, Side, TimeInForce, TradeNumber,
};
pub use order_input::{AmendmentInput, Counted, OrderInput, PriceInput, QuantityInput};
pub use phase::{HaltReason, Phase, Step};
pub use quantity::{
    AMOUNT_SCALE, Amount, Lots, MAX_AMOUNT, MAX_LOTS, MAX_PRICE, MAX_SESSION_LOTS, MIN_PRICE, Price, amount_of,
    decimal_of, worth,
};
pub use rejection::Rejection;
pub use roster::Admitted;
pub use schedule::{DayStep, Due, Schedule, weekday_code};
pub use schedule_input::{MAX_HOLIDAYS, MAX_STEPS, ScheduleInput, StepInput};
pub use self_trade::SelfTrade;
pub use settlement::Unsettled;
pub use terms::{KeptRules, Property, Terms};
pub use terms_input::{DifferentialInput, InstrumentInput, RulesInput, check_number};
pub use wire::{Damaged, Wire};

#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;
