//! The words that stand in the tables for what the market has types for.

use domain::exchange::{EndReason, OrderType, Side, TimeInForce};

pub fn side(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}

pub fn order_type(of: OrderType) -> &'static str {
    match of {
        OrderType::Limit { .. } => "limit",
        OrderType::Market { .. } => "market",
        OrderType::Stop { .. } => "stop",
        OrderType::StopLimit { .. } => "stop_limit",
        OrderType::Iceberg { .. } => "iceberg",
    }
}

pub fn time_in_force(of: TimeInForce) -> &'static str {
    match of {
        TimeInForce::Gtc => "gtc",
        TimeInForce::Day => "day",
        TimeInForce::Gtd(_) => "gtd",
        TimeInForce::Ioc => "ioc",
        TimeInForce::Fok => "fok",
        TimeInForce::AtOpen => "at_open",
        TimeInForce::AtClose => "at_close",
    }
}

pub fn end_reason(of: EndReason) -> &'static str {
    match of {
        EndReason::Cancelled => "cancelled",
        EndReason::Reduced => "reduced",
        EndReason::Expired => "expired",
        EndReason::Unfilled => "unfilled",
        EndReason::NotFillable => "not_fillable",
        EndReason::MinQuantity => "min_quantity",
        EndReason::SelfTrade => "self_trade",
        EndReason::Linked => "linked",
        EndReason::OutsideBand => "outside_band",
        EndReason::Suspended => "suspended",
    }
}
