//! Instruments, trades, trading schedules.

use super::Form::{Id, Money, Quantity, Text, Texts};
use super::{BUYER, EventType, Member, NAME, SELLER, always, event, maybe};

const CODE: Member = always("code", Text, "The code of the instrument.");
const INSTRUMENT: &[Member] = &[CODE, always("name", Texts, "Its name.")];
const SCHEDULE: &[Member] = &[NAME];

pub(super) const EVENTS: &[EventType] = &[
    event("instrument.created", "instrument", "There is a further instrument.", INSTRUMENT),
    event("instrument.changed", "instrument", "An instrument was changed.", INSTRUMENT),
    event("instrument.delisted", "instrument", "An instrument is traded no more.", INSTRUMENT),
    event(
        "instrument.phase_changed",
        "instrument",
        "The trading of an instrument has another phase.",
        &[
            CODE,
            always("from", Text, "The phase that ended."),
            always("to", Text, "The phase that began."),
            maybe("reason", Text, "Why it was halted."),
        ],
    ),
    event("trading_schedule.created", "trading_schedule", "There is a further trading schedule.", SCHEDULE),
    event("trading_schedule.changed", "trading_schedule", "A trading schedule was changed.", SCHEDULE),
    event("trading_schedule.deleted", "trading_schedule", "A trading schedule is no more.", SCHEDULE),
    event(
        "trade.executed",
        "trade",
        "You have traded. Only the two parties are told.",
        &[
            always("instrument_id", Id, "What was traded."),
            always("price", Money, "The price of a unit."),
            always("quantity", Quantity, "How much was traded."),
            maybe("aggressor", Text, "The side whose order came last: `buy` or `sell`; none in an auction."),
            BUYER,
            SELLER,
            always("buy_order_id", Id, "The buyer's order."),
            always("sell_order_id", Id, "The seller's order."),
        ],
    ),
    event(
        "trade.cleared",
        "trade",
        "A trade has become part of a contract, or was offset by others.",
        &[
            always("instrument_id", Id, "What was traded."),
            maybe("contract_id", Id, "The contract; none if nothing was left to deliver or pay."),
            always("clearing_id", Id, "The clearing that did it."),
        ],
    ),
];
