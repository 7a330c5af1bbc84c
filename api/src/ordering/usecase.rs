//! What a buyer does with orders, and reading them.

use domain::contract::Side as ContractSide;
use domain::kernel::{Money, OrderId, OrganisationId, Refusal, Timestamp};
use domain::ordering::{Leave, OrderFrame, OrderState, OrderStep, Standing, leave, net};
use infra::Failure;
use infra::catalogue::stock;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::approval::add_author;
use infra::ordering::budget;
use infra::ordering::order::{self, Order, Side};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::approval::{self, submit};
use super::cost_centre::charging;
use super::credit::exposure;
use super::dto::{OrderData, OrderDto, OrderQuery, Orders, Reason, number};
use super::pricing::{Priced, details, frame, kept, kept_details, price, wanted};
use super::{decide, place, rights, sight};
use crate::app::App;
use crate::command::{Command, Subject};
use crate::contract::cancel::cancel_of_order;
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;

pub(crate) fn unknown() -> Refusal {
    Refusal::not_found("order")
}

/// Keeps a draft, or places it at once.
pub async fn create(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    data: &OrderData,
    languages: &[String],
) -> Result<Answer<Orders>, Failure> {
    let buyer = command.by.require(rights::BUY)?;
    let frame = frame(data, buyer)?;
    let wanted = wanted(command, data)?;
    let mut priced = price(tx, command, &frame, &wanted, data.submit).await?;
    priced.details = details(&wanted, data);
    let made = if data.submit {
        charging::charge(tx, command, &mut priced, data.cost_centre_id).await?;
        let mut placed = match submit::asked(tx, &frame, &priced, data.cost_centre_id).await? {
            Some(asked) => vec![submit::at_once(tx, command, &frame, data, &priced, &asked).await?],
            None => place::at_once(tx, app, command, &frame, data, &priced).await?,
        };
        charging::keep(tx, &priced, &placed).await?;
        exposure::placed(tx, command, &priced, &mut placed).await?;
        placed
    } else {
        charging::check_draft(tx, command, &priced, data.cost_centre_id).await?;
        let new = place::new_draft(command, &frame, data, only_seller(&priced), sum(&priced)?);
        let lines = priced.rows(new.id, &priced.lines, false)?;
        let numbers = order::insert(tx, std::slice::from_ref(&new), &lines).await?;
        vec![Order { row: new.with_number(numbers.first().map_or(0, |(_, number)| *number)), lines }]
    };
    let location = format!("/v1/orders/{}", made.first().map(|one| one.row.id).unwrap_or_default());
    let version = if let [one] = made.as_slice() { Some(one.row.version) } else { None };
    Ok(Answer { version, ..Answer::created(location, orders(&made, &command.by, languages)?) })
}

/// Changes a draft; its prices become those of today. A change of an order that waits for its approval begins the approval anew.
pub async fn edit(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: OrderId,
    expected: i64,
    patch: &Patch<OrderData>,
    languages: &[String],
) -> Result<Answer<Orders>, Failure> {
    let (buyer, mut draft) = lock_draft(tx, command, id, OrderStep::Edit).await?;
    check_version(draft.row.version, expected)?;
    let mut data = patch.apply(&OrderData::of(&draft)?)?;
    let restarted = OrderState::parse(&draft.row.state)? == OrderState::AwaitingApproval;
    if restarted {
        approval::decide::restart(tx, command, &mut draft).await?;
        data.submit = true;
    }
    if data.portal_id != draft.row.portal_id {
        return Err(Refusal::fault("/portal_id", "fixed", "A draft stays on its portal.").into());
    }
    let frame = frame(&data, buyer)?;
    let wanted = wanted(command, &data)?;
    let mut priced = price(tx, command, &frame, &wanted, data.submit).await?;
    priced.details = details(&wanted, &data);
    if restarted {
        // Stock is held before budgets.
        budget::give_back(tx, draft.row.id).await?;
    }
    charging::check_draft(tx, command, &priced, data.cost_centre_id).await?;
    let fresh =
        place::new_draft(command, &frame, &data, only_seller(&priced), sum(&priced)?).with_number(draft.row.number);
    draft.row = order::OrderRow {
        id: draft.row.id,
        created_by: draft.row.created_by,
        created_at: draft.row.created_at,
        version: draft.row.version + 1,
        ..fresh
    };
    draft.lines = priced.rows(draft.row.id, &priced.lines, false)?;
    order::update(tx, &draft.row).await?;
    order::replace_lines(tx, draft.row.id, &draft.lines).await?;
    add_author(tx, draft.row.id, priced.terms.person).await?;
    let version = draft.row.version;
    if data.submit {
        let placed = place_charged(tx, app, command, &frame, draft, priced).await?;
        return Ok(Answer::ok(orders(&placed, &command.by, languages)?));
    }
    Ok(Answer::ok(orders(&[draft], &command.by, languages)?).version(version))
}

/// Places a draft at the prices it shows, in the version that the caller has read if they say which one.
pub async fn submit(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: OrderId,
    expected: Option<i64>,
    languages: &[String],
) -> Result<Answer<Orders>, Failure> {
    let (buyer, draft) = lock_draft(tx, command, id, OrderStep::Submit).await?;
    if let Some(expected) = expected {
        check_version(draft.row.version, expected)?;
    }
    let frame = frame(&OrderData::of(&draft)?, buyer)?;
    let mut priced = price(tx, command, &frame, &kept(&draft.lines)?, true).await?;
    priced.details = kept_details(&draft.lines);
    add_author(tx, draft.row.id, priced.terms.person).await?;
    let placed = place_charged(tx, app, command, &frame, draft, priced).await?;
    Ok(Answer::ok(orders(&placed, &command.by, languages)?))
}

/// Places a draft that is charged to its cost centres, or lets it wait for its approval.
async fn place_charged(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    frame: &OrderFrame,
    draft: Order,
    mut priced: Priced,
) -> Result<Vec<Order>, Failure> {
    charging::charge(tx, command, &mut priced, draft.row.cost_centre_id).await?;
    let mut placed = match submit::asked(tx, frame, &priced, draft.row.cost_centre_id).await? {
        Some(asked) => vec![submit::draft(tx, command, draft, &priced, &asked).await?],
        None => place::draft(tx, app, command, frame, draft, &mut priced).await?,
    };
    charging::keep(tx, &priced, &placed).await?;
    exposure::placed(tx, command, &priced, &mut placed).await?;
    Ok(placed)
}

/// The buyer takes back a draft, or an order that the seller has not decided on. Once there is a contract, either side asks to give
/// it up, and the other consents by doing the same.
pub async fn cancel(
    tx: &mut Connection,
    command: &Command,
    id: OrderId,
    reason: &Reason,
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    let own = command.by.member()?.id;
    let known = order::find(tx, own, id).await?.ok_or_else(unknown)?;
    sight::check(tx, &command.by, command.at, &known).await?;
    if let Some(contract) = known.row.contract_id {
        command.by.require(if known.row.buyer_id == own.0 { rights::CANCEL } else { rights::CANCEL_SOLD })?;
        // Contracts are held before their orders, by everybody.
        cancel_of_order(tx, command, contract.into(), reason.reason.clone()).await?;
        let now = order::find(tx, own, id).await?.ok_or_else(unknown)?;
        return Ok(Answer::ok(OrderDto::of(&now, &command.by, languages)?).version(now.row.version));
    }
    let held = order::lock(tx, own, id).await?.filter(|order| order.row.buyer_id == own.0).ok_or_else(unknown)?;
    command.by.require(rights::CANCEL)?;
    let state = OrderState::parse(&held.row.state)?;
    if leave(Standing::of_order(state), ContractSide::Buyer) != Leave::Freely {
        return Err(Refusal::wrong_state("order", state.code(), "cancelled").into());
    }
    decide::end(tx, command, held, OrderStep::Cancel, reason.reason.clone(), languages).await
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: OrderId,
    at: Timestamp,
    languages: &[String],
) -> Result<(OrderDto, i64), Failure> {
    let own = by.require(rights::READ)?;
    let order = order::find(connection, own, id).await?.ok_or_else(unknown)?;
    sight::check(connection, by, at, &order).await?;
    Ok((OrderDto::of(&order, by, languages)?, order.row.version))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    query: &OrderQuery,
    page: &Page,
    at: Timestamp,
    languages: &[String],
) -> Result<List<OrderDto>, Failure> {
    let own = by.require(rights::READ)?;
    let invalid = |detail: &str| Refusal::new(domain::kernel::Kind::InvalidQuery, detail.to_owned());
    let side = match query.role.as_deref() {
        None | Some("buyer") => Side::Buyer,
        Some("seller") => Side::Seller,
        Some(_) => return Err(invalid("`role` is buyer or seller.").into()),
    };
    let state = query.state.as_deref().map(OrderState::parse).transpose();
    let state = state.map_err(|odd| invalid(&odd.detail))?;
    let seen = sight::of(connection, by, at).await?;
    let found = order::list(connection, own, side, state.map(OrderState::code), seen.as_ref(), page).await?;
    let items: Result<Vec<_>, _> = found.items.iter().map(|order| OrderDto::of(order, by, languages)).collect();
    Ok(List { items: items?, next: found.next })
}

/// An order of the caller's organisation that the caller sees, held, if it is in a state for the step.
async fn lock_draft(
    tx: &mut Connection,
    command: &Command,
    id: OrderId,
    step: OrderStep,
) -> Result<(OrganisationId, Order), Failure> {
    let own = command.by.member()?.id;
    let held = order::lock(tx, own, id).await?.filter(|order| order.row.buyer_id == own.0).ok_or_else(unknown)?;
    sight::check(tx, &command.by, command.at, &held).await?;
    let buyer = command.by.require(rights::BUY)?;
    OrderState::parse(&held.row.state)?.after(step)?;
    Ok((buyer, held))
}

pub(super) fn orders(made: &[Order], by: &Principal, languages: &[String]) -> Result<Orders, Failure> {
    let orders: Result<Vec<_>, _> = made.iter().map(|order| OrderDto::of(order, by, languages)).collect();
    Ok(Orders { orders: orders? })
}

pub(super) fn only_seller(priced: &Priced) -> Option<OrganisationId> {
    let first = priced.lines.first()?.seller;
    priced.lines.iter().all(|line| line.seller == first).then_some(first)
}

pub(super) fn sum(priced: &Priced) -> Result<Decimal, Failure> {
    Ok(net(&priced.lines)?.map_or(Decimal::ZERO, Money::amount))
}

/// Gives the reserved stock of an order back.
pub(super) async fn release(tx: &mut Connection, order: &mut Order) -> Result<(), Failure> {
    let products: Vec<_> =
        order.lines.iter().filter(|line| !line.reserved.is_zero()).map(|line| line.product_id).collect();
    if products.is_empty() {
        return Ok(());
    }
    let mut held = stock::lock(tx, &products).await?;
    for line in order.lines.iter_mut().filter(|line| !line.reserved.is_zero()) {
        decide::give_back(&mut held, line.product_id, line.reserved)?;
        line.reserved = Decimal::ZERO;
    }
    let tx = &*tx;
    futures::try_join!(stock::save(tx, &held), order::update_lines(tx, &order.lines))?;
    Ok(())
}

/// An event for both sides, or for the buyer alone while it is a draft.
pub(crate) fn tell(command: &Command, kind: &'static str, order: &Order, data: serde_json::Value) {
    let row = &order.row;
    let seller = row.seller_id.filter(|_| row.placed_at.is_some());
    let audience: Vec<_> = [Some(row.buyer_id), seller].into_iter().flatten().collect();
    tell_to(command, kind, order, &audience, data);
}

/// An event for the buyer alone: what is decided in its company.
pub(crate) fn tell_buyer(command: &Command, kind: &'static str, order: &Order, data: serde_json::Value) {
    tell_to(command, kind, order, &[order.row.buyer_id], data);
}

fn tell_to(command: &Command, kind: &'static str, order: &Order, audience: &[Uuid], mut data: serde_json::Value) {
    let row = &order.row;
    let subject = Subject { kind: "order", id: row.id, version: row.version };
    data["number"] = json!(number(row.number));
    command.event(kind, subject, Some(row.portal_id), audience, data);
}
