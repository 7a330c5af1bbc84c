//! A confirmation with changes: proposed by the seller, accepted or refused by the buyer, taken back by the seller.

use domain::kernel::{ConfirmationId, Currency, Date, Money, OrderId, OrderLineId, Refusal, Timestamp, UnitPrice};
use domain::ordering::{Confirmed, ConfirmedLine, OrderState, OrderStep, confirm_by};
use infra::Failure;
use infra::catalogue::stock;
use infra::db::Connection;
use infra::ordering::confirmation::{self, ConfirmationLineRow, ConfirmationRow, Decision, ProposedConfirmation};
use infra::ordering::order::{self, LineRow, Order};
use infra::timer;
use rust_decimal::Decimal;
use serde_json::json;

use super::confirmation_dto::ProposedConfirmationDto;
use super::decide::{bind, check_open, lock_for_seller, reserve_exactly};
use super::dto::{ConfirmationData, OrderDto, Reason};
use super::usecase::{tell, unknown};
use super::{place, rights};
use crate::app::App;
use crate::command::Command;
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;

/// All confirmations with changes of an order, newest first.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    id: OrderId,
) -> Result<Vec<ProposedConfirmationDto>, Failure> {
    let own = by.require(rights::READ)?;
    let order = order::find(connection, own, id).await?.ok_or_else(unknown)?;
    let found = confirmation::of_order(connection, id.0).await?;
    Ok(found.iter().map(|one| ProposedConfirmationDto::of(one, &order)).collect())
}

/// The seller would confirm with changes. The stock is reserved as the changed order needs it, until the buyer answers or the time
/// for that is over.
pub(super) async fn propose(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    mut held: Order,
    outcome: &Confirmed,
    data: &ConfirmationData,
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    let answer_by = match data.answer_by {
        Some(end) if end.0 <= command.at => {
            return Err(Refusal::fault("/answer_by", "in_past", "The buyer needs some time to answer.").into());
        }
        Some(end) => end.0,
        None => confirm_by(command.at, app.config.order_expiry_hours),
    };
    held.row.state = OrderState::parse(&held.row.state)?.after(OrderStep::ProposeConfirmation)?.code().to_owned();
    held.row.expires_at = Some(answer_by);
    held.row.version += 1;
    let needed = |(line, one): (&LineRow, &ConfirmedLine)| Ok(line.reserved.max(line.in_base_unit(one.quantity)?));
    // Less stays reserved as it was ordered: the buyer may refuse. More is taken now, or there is nothing to propose.
    let wanted: Vec<Decimal> = held.lines.iter().zip(&outcome.lines).map(needed).collect::<Result<_, Failure>>()?;
    let levels = reserve_exactly(tx, &mut held.lines, &wanted).await?;
    let new = proposed(command, &held, outcome, data, answer_by);
    confirmation::insert(tx, &new).await?;
    {
        let tx = &*tx;
        futures::try_join!(
            stock::save(tx, &levels),
            order::update_lines(tx, &held.lines),
            order::update(tx, &held.row),
            timer::set(tx, place::EXPIRY, held.row.id, answer_by),
        )?;
    }
    tell(command, "order.confirmation_proposed", &held, json!({"confirmation_id": new.row.id, "answer_by": answer_by}));
    Ok(Answer::ok(OrderDto::of(&held, languages)?).version(held.row.version))
}

/// The buyer accepts the changes that it has seen: they bind both.
pub async fn accept(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: OrderId,
    expected: i64,
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    let held = lock_for_buyer(tx, command, id).await?;
    check_version(held.row.version, expected)?;
    OrderState::parse(&held.row.state)?.after(OrderStep::DropConfirmation)?;
    check_open(command, &held, "confirmed")?;
    let open = confirmation::open_of(tx, held.row.id).await?.ok_or_else(|| Failure::broken("nothing is proposed"))?;
    let outcome = outcome(&open, &held)?;
    let decision = Decision { state: "accepted", by: command.by.actor_id(), at: command.at, reason: None };
    confirmation::decide(tx, held.row.id, &decision).await?;
    bind(tx, app, command, held, &outcome, languages).await
}

/// The buyer refuses the changes: the order is with the seller again, as it was placed.
pub async fn refuse(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: OrderId,
    reason: &Reason,
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    let held = lock_for_buyer(tx, command, id).await?;
    drop_open(tx, app, command, held, ("refused", reason), languages).await
}

/// The seller takes its changes back: the order is with it again, as it was placed.
pub async fn withdraw(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: OrderId,
    reason: &Reason,
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    let held = lock_for_seller(tx, command, id).await?;
    drop_open(tx, app, command, held, ("withdrawn", reason), languages).await
}

/// What becomes of an open confirmation when its order ends.
pub(super) async fn close(
    tx: &mut Connection,
    command: &Command,
    held: &Order,
    step: OrderStep,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let state = if step == OrderStep::Expire { "expired" } else { "refused" };
    let decision = Decision { state, by: command.by.actor_id(), at: command.at, reason };
    confirmation::decide(tx, held.row.id, &decision).await
}

async fn drop_open(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    mut held: Order,
    (state, reason): (&'static str, &Reason),
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    held.row.state = OrderState::parse(&held.row.state)?.after(OrderStep::DropConfirmation)?.code().to_owned();
    check_open(command, &held, state)?;
    let expires_at = confirm_by(command.at, app.config.order_expiry_hours);
    held.row.expires_at = Some(expires_at);
    held.row.version += 1;
    let decision = Decision { state, by: command.by.actor_id(), at: command.at, reason: reason.reason.as_deref() };
    // What was taken beyond the order is free again; a backorder has nothing reserved, before and after.
    let waits = held.row.backorder_of.is_some();
    let wanted: Vec<Decimal> = held
        .lines
        .iter()
        .map(|line| if waits { Decimal::ZERO } else { line.reserved.min(line.base_quantity) })
        .collect();
    let levels = reserve_exactly(tx, &mut held.lines, &wanted).await?;
    {
        let tx = &*tx;
        futures::try_join!(
            confirmation::decide(tx, held.row.id, &decision),
            stock::save(tx, &levels),
            order::update_lines(tx, &held.lines),
            order::update(tx, &held.row),
            timer::set(tx, place::EXPIRY, held.row.id, expires_at),
        )?;
    }
    let kind = if state == "refused" { "order.confirmation_refused" } else { "order.confirmation_withdrawn" };
    tell(command, kind, &held, json!({"reason": reason.reason}));
    Ok(Answer::ok(OrderDto::of(&held, languages)?).version(held.row.version))
}

/// An order of the caller's organisation, held.
async fn lock_for_buyer(tx: &mut Connection, command: &Command, id: OrderId) -> Result<Order, Failure> {
    let own = command.by.member()?.id;
    let held = order::lock(tx, own, id).await?.filter(|order| order.row.buyer_id == own.0).ok_or_else(unknown)?;
    command.by.require(rights::BUY)?;
    Ok(held)
}

fn proposed(
    command: &Command,
    held: &Order,
    outcome: &Confirmed,
    data: &ConfirmationData,
    answer_by: Timestamp,
) -> ProposedConfirmation {
    let id = command.id::<ConfirmationId>().0;
    let row = ConfirmationRow {
        id,
        order_id: held.row.id,
        state: "proposed".to_owned(),
        freight: outcome.freight.map_or(Decimal::ZERO, Money::amount),
        total: outcome.total.amount(),
        delivery_date: outcome.delivery_date,
        expected_date: outcome.expected_date,
        note: data.note.clone(),
        proposed_by: command.by.actor_id().unwrap_or_default(),
        proposed_at: command.at,
        answer_by,
        decided_by: None,
        decided_at: None,
        reason: None,
    };
    let line = |one: &ConfirmedLine| ConfirmationLineRow {
        confirmation_id: id,
        order_line_id: one.id.0,
        quantity: one.quantity,
        unit_price: one.unit_price.amount(),
        discount_percent: one.discount_percent,
        amount: one.amount.amount(),
        backorder: one.backorder,
    };
    ProposedConfirmation { row, lines: outcome.lines.iter().map(line).collect() }
}

/// What the buyer accepts, from what was kept.
fn outcome(kept: &ProposedConfirmation, held: &Order) -> Result<Confirmed, Failure> {
    let currency = Currency::parse(&held.row.currency)?;
    let mut lines = Vec::new();
    for line in &held.lines {
        let said = kept.lines.iter().find(|one| one.order_line_id == line.id);
        let said = said.ok_or_else(|| Failure::broken("a confirmation lacks a line"))?;
        lines.push(ConfirmedLine {
            id: OrderLineId(line.id),
            quantity: said.quantity,
            rest: (line.quantity - said.quantity).max(Decimal::ZERO),
            backorder: said.backorder,
            unit_price: UnitPrice::new(said.unit_price, currency)?,
            discount_percent: said.discount_percent,
            amount: Money::new(said.amount, currency)?,
        });
    }
    let whole = lines.iter().all(|line| line.rest.is_zero());
    let freight = Some(kept.row.freight).filter(|freight| !freight.is_zero());
    let (delivery_date, expected_date): (Option<Date>, Option<Date>) = (kept.row.delivery_date, kept.row.expected_date);
    Ok(Confirmed {
        step: if whole { OrderStep::Confirm } else { OrderStep::ConfirmPartly },
        lines,
        freight: freight.map(|freight| Money::new(freight, currency)).transpose()?,
        total: Money::new(kept.row.total, currency)?,
        delivery_date,
        expected_date,
        changes: Vec::new(),
    })
}
