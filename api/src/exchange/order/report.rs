//! What became of an order, as its sender is told.

use std::collections::HashMap;

use domain::exchange::{Event, OrderNumber, OrderReport, OrderState, Private, What, order_id, trade_id};
use infra::exchange::order::{OrderRow, StepRow};
use infra::exchange::words;
use rust_decimal::Decimal;

use super::dto::{FillDto, OrderDto, OrderReportDto, StepDto};
use crate::exchange::floor::Listed;
use crate::http::dto::{MoneyDto, QuantityDto};

/// The fills among the events of a call, by order.
pub struct Fills<'a>(HashMap<OrderNumber, Vec<&'a Private>>);

impl<'a> Fills<'a> {
    pub fn of(events: &'a [Event]) -> Self {
        let mut fills = HashMap::<_, Vec<_>>::new();
        for event in events {
            if let Event::Private(private @ Private { what: What::Filled { order, .. }, .. }) = event {
                fills.entry(*order).or_default().push(private);
            }
        }
        Self(fills)
    }
}

/// `fills` are those of the call: those of the order are told.
pub fn of(report: &OrderReport, listed: &Listed, fills: &Fills<'_>) -> OrderReportDto {
    let (state, end_reason) = match report.state {
        OrderState::Resting => ("resting", None),
        OrderState::AwaitingTrigger => ("awaiting_trigger", None),
        OrderState::AwaitingClose => ("awaiting_close", None),
        OrderState::Filled => ("filled", None),
        OrderState::Ended(reason) => ("ended", Some(words::end_reason(reason).to_owned())),
    };
    let open = if end_reason.is_some() { 0 } else { report.open };
    OrderReportDto {
        id: order_id(listed.stream, report.order).0,
        instrument_id: listed.id.0,
        client_order_id: report.client_order_id.to_string(),
        state: state.to_owned(),
        end_reason,
        filled_quantity: listed.quantity(report.filled),
        open_quantity: listed.quantity(open),
        average_price: Decimal::try_from_i128_with_scale(report.turnover, 0)
            .ok()
            .and_then(|turnover| listed.average(turnover, report.filled)),
        fills: fills.0.get(&report.order).into_iter().flatten().filter_map(|one| fill(listed, one)).collect(),
        replayed: report.replayed,
    }
}

fn fill(listed: &Listed, private: &Private) -> Option<FillDto> {
    let What::Filled { trade, price, lots, .. } = private.what else { return None };
    Some(FillDto {
        trade_id: trade_id(listed.stream, trade).0,
        price: listed.price(price),
        quantity: listed.quantity(lots),
    })
}

fn lots(of: i64) -> u64 {
    u64::try_from(of).unwrap_or_default()
}

/// An order as the tables have it.
pub fn order(row: OrderRow, listed: &Listed) -> OrderDto {
    let price = |ticks: Option<i64>| -> Option<MoneyDto> { ticks.map(|ticks| listed.price(ticks)) };
    let quantity = |of: i64| -> QuantityDto { listed.quantity(lots(of)) };
    OrderDto {
        id: row.id,
        instrument_id: row.instrument_id,
        client_order_id: row.client_order_id,
        side: row.side,
        order_type: row.order_type,
        time_in_force: row.time_in_force,
        expires_at: row.expires_at.map(Into::into),
        quantity: quantity(row.lots),
        price: price(row.price),
        trigger_price: price(row.trigger_price),
        display_quantity: row.display.map(quantity),
        min_quantity: row.min_lots.map(quantity),
        post_only: row.post_only,
        linked_to: row.linked_to,
        state: row.state,
        end_reason: row.end_reason,
        filled_quantity: quantity(row.filled),
        open_quantity: quantity(row.open),
        average_price: listed.average(row.turnover, lots(row.filled)),
        created_at: row.created_at.into(),
        updated_at: row.updated_at.into(),
    }
}

pub fn step(row: StepRow, listed: &Listed) -> StepDto {
    StepDto {
        kind: row.kind,
        price: row.price.map(|ticks| listed.price(ticks)),
        trigger_price: row.trigger_price.map(|ticks| listed.price(ticks)),
        quantity: row.lots.map(|of| listed.quantity(lots(of))),
        open_quantity: row.open.map(|of| listed.quantity(lots(of))),
        trade_id: row.trade_id,
        reason: row.reason,
        keeps_priority: row.keeps_priority,
        at: row.at.into(),
    }
}
