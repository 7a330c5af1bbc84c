//! What a seller cannot confirm and the buyer waits for: an order of its own, for which the stock is taken when it is confirmed.

use domain::kernel::{Currency, Money, OrderLineId, UnitPrice};
use domain::ordering::{Confirmed, ConfirmedLine, OrderState, open_until};
use infra::Failure;
use infra::db::Connection;
use infra::ordering::order::{self, LineRow, NewOrder, Order};
use infra::timer;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::cost_centre::charging;
use super::credit::exposure;
use super::dto::number;
use super::place;
use super::usecase::tell;
use crate::app::App;
use crate::command::Command;

/// Opens the backorder of a confirmed order, if there is a rest that the buyer waits for. It expires some time after the day on
/// which it is expected, as any order does that the seller does not answer.
pub(super) async fn open(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    of: &Order,
    outcome: &Confirmed,
) -> Result<Option<Uuid>, Failure> {
    let Some(expected) = outcome.expected_date.filter(|_| outcome.lines.iter().any(|line| !line.backorder.is_zero()))
    else {
        return Ok(None);
    };
    let expires_at = open_until(command.at, Some(expected), app.config.order_expiry_hours);
    let id = command.id();
    let lines = rest(command, id, of, outcome)?;
    let new = NewOrder {
        id,
        split_from: None,
        state: OrderState::Placed.code().to_owned(),
        total: lines.iter().map(|line| line.amount).sum(),
        created_by: of.row.created_by,
        created_at: command.at,
        placed_at: Some(command.at),
        expires_at: Some(expires_at),
        ..like(of)
    };
    let numbers = order::insert(tx, std::slice::from_ref(&new), &lines).await?;
    let mut row = new.with_number(numbers.first().map_or(0, |(_, number)| *number));
    row.backorder_of = Some(of.row.id);
    row.expected_date = Some(expected);
    {
        let tx = &*tx;
        futures::try_join!(order::update(tx, &row), timer::set(tx, place::EXPIRY, id, expires_at))?;
    }
    charging::pass_on(tx, of, outcome, &lines).await?;
    let told = json!({"backorder_of": of.row.id, "order": number(of.row.number), "expected_date": expected});
    let backorder = Order { row, lines };
    exposure::opened(tx, command, &backorder).await?;
    tell(command, "order.backordered", &backorder, told);
    Ok(Some(id))
}

/// What a new order takes over from another one.
fn like(of: &Order) -> NewOrder {
    let row = of.row.clone();
    NewOrder {
        id: row.id,
        portal_id: row.portal_id,
        buyer_id: row.buyer_id,
        seller_id: row.seller_id,
        split_from: row.split_from,
        state: row.state,
        currency: row.currency,
        buyer_reference: row.buyer_reference,
        note: row.note,
        delivery_address: row.delivery_address,
        requested_date: None,
        freight_terms: row.freight_terms,
        // The limit was for the order as a whole.
        freight_limit: row.freight_limit.map(|limit| limit - row.freight),
        incoterm: row.incoterm,
        incoterm_place: row.incoterm_place,
        payment_days: row.payment_days,
        total: row.total,
        created_by: row.created_by,
        created_at: row.created_at,
        placed_at: row.placed_at,
        expires_at: row.expires_at,
        shortage: row.shortage,
        cost_centre_id: row.cost_centre_id,
    }
}

/// The lines of the backorder, at the prices that were ordered.
fn rest(command: &Command, order: Uuid, of: &Order, outcome: &Confirmed) -> Result<Vec<LineRow>, Failure> {
    let open = of.lines.iter().zip(&outcome.lines).filter(|(_, confirmed)| !confirmed.backorder.is_zero());
    let row = |(position, (line, confirmed)): (i32, (&LineRow, &ConfirmedLine))| {
        Ok(LineRow {
            id: command.id::<OrderLineId>().0,
            order_id: order,
            position,
            quantity: confirmed.backorder,
            discount_percent: Decimal::ZERO,
            amount: amount(line, confirmed, outcome.total.currency())?.amount(),
            reserved: Decimal::ZERO,
            confirmed_quantity: None,
            confirmed_price: None,
            requested_date: None,
            base_quantity: line.in_base_unit(confirmed.backorder)?,
            ..line.clone()
        })
    };
    (1..).zip(open).map(row).collect()
}

/// What stays open of a line, at the price that was ordered.
pub(super) fn amount(line: &LineRow, confirmed: &ConfirmedLine, currency: Currency) -> Result<Money, Failure> {
    Ok(UnitPrice::new(line.unit_price, currency)?.line_amount(confirmed.backorder, Decimal::ZERO)?)
}
