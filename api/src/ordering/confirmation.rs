//! A confirmation with changes: proposed by the seller, accepted or refused by the buyer, taken back by the seller.

use domain::kernel::{
    ConfirmationId, Currency, Money, OrderId, OrderLineId, OrganisationId, Refusal, Timestamp, UnitPrice,
};
use domain::ordering::{Confirmed, ConfirmedLine, OrderState, OrderStep, confirm_by, open_until, rest, step_of};
use infra::Failure;
use infra::catalogue::stock;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::approval as runs;
use infra::ordering::confirmation::{self, ConfirmationLineRow, ConfirmationRow, Decision, ProposedConfirmation};
use infra::ordering::order::{self, LineRow, Order};
use infra::ordering::terms;
use infra::timer;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::approval::submit::{self, Asked};
use super::confirmation_dto::ProposedConfirmationDto;
use super::credit::exposure;
use super::decide::{bind, check_open, lock_for_seller, reserve_exactly};
use super::dto::{ConfirmationData, OrderDto, Reason};
use super::usecase::{tell, unknown};
use super::{place, rights, sight};
use crate::app::App;
use crate::command::Command;
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;

/// The confirmations with changes of an order, newest first.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    id: OrderId,
    page: &Page,
    at: Timestamp,
) -> Result<List<ProposedConfirmationDto>, Failure> {
    let own = by.require(rights::READ)?;
    let order = order::find(connection, own, id).await?.ok_or_else(unknown)?;
    sight::check(connection, by, at, &order).await?;
    let found = confirmation::of_order(connection, id.0, page).await?;
    Ok(found.map(|one| ProposedConfirmationDto::of(&one, &order)))
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
    let levels = reserve_exactly(tx, command, &mut held.lines, &wanted, &data.lines).await?;
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
    Ok(Answer::ok(OrderDto::of(&held, &command.by, languages)?).version(held.row.version))
}

/// The buyer accepts the changes that it has seen: they bind both. What costs more than was approved waits for the consent that the
/// buyer's approval policy asks for.
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
    OrderState::parse(&held.row.state)?.after(OrderStep::SubmitAcceptance)?;
    check_open(command, &held, "confirmed")?;
    let outcome = open_of(tx, &held).await?;
    let ids: Vec<Uuid> = held.lines.iter().map(|line| line.offer_id).collect();
    let buyer = OrganisationId(held.row.buyer_id);
    let terms = terms::load(tx, buyer, command.by.actor_id().unwrap_or_default(), &ids).await?;
    runs::add_author(tx, held.row.id, terms.person).await?;
    let held = match submit::asked_for_more(tx, &terms, &held, &outcome).await? {
        Some(asked) => submit_acceptance(tx, command, held, &outcome, &asked).await?,
        None => bind_open(tx, app, command, held).await?,
    };
    Ok(Answer::ok(OrderDto::of(&held, &command.by, languages)?).version(held.row.version))
}

/// Lets the acceptance wait for its approval, as long as the seller waits for an answer.
async fn submit_acceptance(
    tx: &mut Connection,
    command: &Command,
    mut held: Order,
    outcome: &Confirmed,
    asked: &Asked,
) -> Result<Order, Failure> {
    exposure::check_more(tx, &held, exposure::more(&held, outcome)?).await?;
    held.row.state = OrderState::parse(&held.row.state)?.after(OrderStep::SubmitAcceptance)?.code().to_owned();
    held.row.version += 1;
    order::update(tx, &held.row).await?;
    submit::begin(tx, command, &held, asked, held.row.expires_at.unwrap_or(Timestamp::MAX_UTC)).await?;
    Ok(held)
}

/// What the seller proposed binds both.
pub(super) async fn bind_open(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    held: Order,
) -> Result<Order, Failure> {
    let outcome = open_of(tx, &held).await?;
    let decision = Decision { state: "accepted", by: command.by.actor_id(), at: command.at, reason: None };
    confirmation::decide(tx, held.row.id, &decision).await?;
    bind(tx, app, command, held, &outcome, &[]).await
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
    let held = drop_open(tx, app, command, held, ("refused", "cancelled", reason)).await?;
    Ok(Answer::ok(OrderDto::of(&held, &command.by, languages)?).version(held.row.version))
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
    let held = drop_open(tx, app, command, held, ("withdrawn", "cancelled", reason)).await?;
    Ok(Answer::ok(OrderDto::of(&held, &command.by, languages)?).version(held.row.version))
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

/// The open confirmation becomes `state`, and the approval of its acceptance, if there is one, `run`: the order is with the seller
/// again.
pub(super) async fn drop_open(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    mut held: Order,
    (state, run, reason): (&'static str, &'static str, &Reason),
) -> Result<Order, Failure> {
    let before = OrderState::parse(&held.row.state)?;
    held.row.state = before.after(OrderStep::DropConfirmation)?.code().to_owned();
    check_open(command, &held, state)?;
    if before == OrderState::ConfirmationInApproval {
        runs::end(tx, held.row.id, run, command.at).await?;
    }
    // A backorder waits for its goods as long as before.
    let expires_at = open_until(command.at, held.row.expected_date, app.config.order_expiry_hours);
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
    let levels = reserve_exactly(tx, command, &mut held.lines, &wanted, &[]).await?;
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
    Ok(held)
}

/// An order of the caller's organisation that the caller sees, held.
async fn lock_for_buyer(tx: &mut Connection, command: &Command, id: OrderId) -> Result<Order, Failure> {
    let own = command.by.member()?.id;
    let held = order::lock(tx, own, id).await?.filter(|order| order.row.buyer_id == own.0).ok_or_else(unknown)?;
    sight::check(tx, &command.by, command.at, &held).await?;
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

/// What is proposed for an order that is held.
async fn open_of(tx: &mut Connection, held: &Order) -> Result<Confirmed, Failure> {
    let open = confirmation::open_of(tx, held.row.id).await?.ok_or_else(|| Failure::broken("nothing is proposed"))?;
    outcome(&open, held)
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
            rest: rest(line.quantity, said.quantity),
            backorder: said.backorder,
            unit_price: UnitPrice::new(said.unit_price, currency)?,
            discount_percent: said.discount_percent,
            amount: Money::new(said.amount, currency)?,
        });
    }
    let freight = Some(kept.row.freight).filter(|freight| !freight.is_zero());
    Ok(Confirmed {
        step: step_of(&lines),
        lines,
        freight: freight.map(|freight| Money::new(freight, currency)).transpose()?,
        total: Money::new(kept.row.total, currency)?,
        delivery_date: kept.row.delivery_date,
        expected_date: kept.row.expected_date,
        changes: Vec::new(),
    })
}
