//! The seller's answer, and the ends that an order can come to without one.

use domain::contract::ChargeKind;
use domain::kernel::money::parse_decimal;
use domain::kernel::{Currency, Findings, Money, OrderId, OrderLineId, OrganisationId, Refusal, UnitPrice};
use domain::ordering::{
    Confirmation, Confirmed, FreightTerms, LineConfirmation, OrderState, OrderStep, OrderTerms, OrderedLine, Shortage,
    confirm,
};
use infra::Failure;
use infra::catalogue::product::StockRow;
use infra::catalogue::{offer, stock};
use infra::db::Connection;
use infra::ordering::budget;
use infra::ordering::order::{self, LineRow, Order, OrderRow};
use infra::timer;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::confirmation::{self, propose};
use super::cost_centre::charging;
use super::credit::{exposure, hold};
use super::dto::{ConfirmationData, LineConfirmationData, OrderDto, Reason};
use super::usecase::{release, tell, unknown};
use super::{backorder, place, rights};
use crate::app::App;
use crate::command::Command;
use crate::contract::{
    self,
    origin::{AgreedLine, Origin},
    weight::weighing,
};
use crate::http::answer::Answer;
use crate::http::dto::MoneyDto;

/// The seller confirms, in full or in part; a contract is made of it. Changes for the worse wait for the buyer's acceptance.
pub async fn confirm_order(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: OrderId,
    data: &ConfirmationData,
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    let held = lock_for_seller(tx, command, id).await?;
    OrderState::parse(&held.row.state)?.after(OrderStep::ProposeConfirmation)?;
    check_open(command, &held, "confirmed")?;
    hold::check(&held)?;
    let currency = Currency::parse(&held.row.currency)?;
    let answer = confirmation(data)?;
    let outcome = decide(tx, command, &held, currency, &answer).await?;
    if !outcome.changes.is_empty() {
        return propose(tx, app, command, held, &outcome, data, languages).await;
    }
    let held = bind(tx, app, command, held, &outcome, &data.lines).await?;
    Ok(Answer::ok(OrderDto::of(&held, &command.by, languages)?).version(held.row.version))
}

/// An order whose time to be answered is over is as good as expired, though the timer may not have come to it.
pub(super) fn check_open(command: &Command, held: &Order, step: &str) -> Result<(), Refusal> {
    if held.row.expires_at.is_some_and(|end| end <= command.at) {
        return Err(Refusal::wrong_state("order", OrderState::Expired.code(), step));
    }
    Ok(())
}

/// What both agreed to binds: a contract is made of it, and the rest stays open or is given back. `said` is what the body says about
/// lines, for the places of what is wrong.
pub(super) async fn bind(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    mut held: Order,
    outcome: &Confirmed,
    said: &[LineConfirmationData],
) -> Result<Order, Failure> {
    let more = exposure::more(&held, outcome)?;
    held.row.state = OrderState::parse(&held.row.state)?.after(outcome.step)?.code().to_owned();
    held.row.freight = outcome.freight.map_or(Decimal::ZERO, Money::amount);
    held.row.total = outcome.total.amount();
    held.row.decided_at = Some(command.at);
    held.row.version += 1;
    keep_confirmed(tx, command, &mut held, outcome, said).await?;
    exposure::confirmed(tx, command, &held, more).await?;
    let contract = make_contract(tx, command, &held, outcome).await?;
    held.row.contract_id = Some(contract);
    {
        let tx = &*tx;
        futures::try_join!(order::update(tx, &held.row), timer::clear(tx, place::EXPIRY, held.row.id))?;
    }
    let backorder = backorder::open(tx, app, command, &held, outcome).await?;
    let told = json!({"state": held.row.state, "contract_id": contract, "backorder_id": backorder});
    tell(command, "order.confirmed", &held, told);
    Ok(held)
}

/// The seller declines.
pub async fn decline(
    tx: &mut Connection,
    command: &Command,
    id: OrderId,
    reason: &Reason,
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    let held = lock_for_seller(tx, command, id).await?;
    end(tx, command, held, OrderStep::Decline, reason.reason.clone(), languages).await
}

/// The seller did not answer in time. Does nothing if the order has moved on meanwhile.
pub async fn expire(tx: &mut Connection, command: &Command, id: OrderId) -> Result<(), Failure> {
    let Some(held) = order::lock_any(tx, id).await? else { return Ok(()) };
    let due = held.row.expires_at.is_some_and(|end| end <= command.at);
    if due && OrderState::parse(&held.row.state)?.after(OrderStep::Expire).is_ok() {
        end(tx, command, held, OrderStep::Expire, None, &[]).await?;
    }
    Ok(())
}

/// Ends an order without a contract and gives its stock back.
pub(super) async fn end(
    tx: &mut Connection,
    command: &Command,
    mut held: Order,
    step: OrderStep,
    reason: Option<String>,
    languages: &[String],
) -> Result<Answer<OrderDto>, Failure> {
    let before = OrderState::parse(&held.row.state)?;
    held.row.state = before.after(step)?.code().to_owned();
    if matches!(before, OrderState::ConfirmationProposed | OrderState::ConfirmationInApproval) {
        confirmation::close(tx, command, &held, step, reason.as_deref()).await?;
    }
    if matches!(before, OrderState::AwaitingApproval | OrderState::ConfirmationInApproval) {
        let state = if step == OrderStep::Expire { "expired" } else { "cancelled" };
        infra::ordering::approval::end(tx, held.row.id, state, command.at).await?;
        timer::clear(tx, super::approval::EXPIRY, held.row.id).await?;
    }
    held.row.reason = reason;
    held.row.decided_at = Some(command.at);
    held.row.version += 1;
    release(tx, &mut held).await?;
    {
        let tx = &*tx;
        futures::try_join!(
            order::update(tx, &held.row),
            timer::clear(tx, place::EXPIRY, held.row.id),
            budget::give_back(tx, held.row.id),
        )?;
    }
    exposure::ended(tx, command, &held).await?;
    let kind = match step {
        OrderStep::Decline => "order.declined",
        OrderStep::Cancel => "order.cancelled",
        _ => "order.expired",
    };
    tell(command, kind, &held, json!({"reason": held.row.reason}));
    Ok(Answer::ok(OrderDto::of(&held, &command.by, languages)?).version(held.row.version))
}

/// An order to the caller's organisation, held.
pub(super) async fn lock_for_seller(tx: &mut Connection, command: &Command, id: OrderId) -> Result<Order, Failure> {
    let own = command.by.member()?.id;
    let held =
        order::lock(tx, own, id).await?.filter(|order| order.row.seller_id == Some(own.0)).ok_or_else(unknown)?;
    command.by.require(rights::SELL)?;
    Ok(held)
}

/// What the body says; numbers that are none are told all at once.
fn confirmation(data: &ConfirmationData) -> Result<Confirmation, Refusal> {
    let mut findings = Findings::default();
    let mut lines = Vec::new();
    for (index, line) in data.lines.iter().enumerate() {
        let mut number = |name: &str, text: &Option<String>| {
            let pointer = format!("/lines/{index}/{name}");
            text.as_ref().and_then(|text| findings.keep(pointer, parse_decimal(text)))
        };
        let quantity = number("quantity", &line.quantity);
        let discount_percent = number("discount_percent", &line.discount_percent);
        let price = line.unit_price.as_ref().map(MoneyDto::parse_price);
        let unit_price = price.and_then(|price| findings.keep(format!("/lines/{index}/unit_price"), price));
        lines.push(LineConfirmation { line: OrderLineId(line.line_id), quantity, unit_price, discount_percent });
    }
    let freight = data.freight.as_ref().and_then(|freight| findings.keep("/freight", freight.parse()));
    findings.result()?;
    Ok(Confirmation { lines, freight, delivery_date: data.delivery_date, expected_date: data.expected_date })
}

async fn decide(
    tx: &mut Connection,
    command: &Command,
    held: &Order,
    currency: Currency,
    answer: &Confirmation,
) -> Result<Confirmed, Failure> {
    let ids: Vec<Uuid> = held.lines.iter().map(|line| line.offer_id).collect();
    let offers = if answer.lines.is_empty() { Vec::new() } else { offer::load(tx, &ids).await? };
    // Without words of the seller to a line its multiple does not matter.
    let multiple = |line: &LineRow| {
        offers
            .iter()
            .find(|offer| offer.row.id == line.offer_id)
            .map_or(Decimal::ONE, |offer| offer.product.order_multiple)
    };
    let ordered: Result<Vec<OrderedLine>, Failure> = held
        .lines
        .iter()
        .map(|line| {
            Ok(OrderedLine {
                id: OrderLineId(line.id),
                quantity: line.quantity,
                base_quantity: line.base_quantity,
                order_multiple: multiple(line),
                unit_price: UnitPrice::new(line.unit_price, currency)?,
                requested_date: line.requested_date,
            })
        })
        .collect();
    let limit = held.row.freight_limit.map(|limit| Money::new(limit, currency)).transpose()?;
    let terms = OrderTerms {
        currency,
        freight: FreightTerms::parse(&held.row.freight_terms, limit, currency)?,
        shortage: Shortage::parse(&held.row.shortage)?,
        requested_date: held.row.requested_date,
    };
    Ok(confirm(&ordered?, &terms, answer, command.at.date_naive())?)
}

/// Writes what was confirmed of the lines. What is reserved becomes just that: a backorder takes its stock only now.
async fn keep_confirmed(
    tx: &mut Connection,
    command: &Command,
    held: &mut Order,
    outcome: &Confirmed,
    said: &[LineConfirmationData],
) -> Result<(), Failure> {
    let both = held.lines.iter().zip(&outcome.lines);
    let wanted: Vec<Decimal> =
        both.map(|(line, one)| line.in_base_unit(one.quantity)).collect::<Result<_, Failure>>()?;
    let levels = reserve_exactly(tx, command, &mut held.lines, &wanted, said).await?;
    for (line, confirmed) in held.lines.iter_mut().zip(&outcome.lines) {
        let price = confirmed.unit_price.amount();
        line.confirmed_quantity = Some(confirmed.quantity);
        line.confirmed_price = Some(price).filter(|price| *price != line.unit_price);
        line.discount_percent = confirmed.discount_percent;
        line.amount = confirmed.amount.amount();
        // From here on the contract holds the reservation.
        line.reserved = Decimal::ZERO;
    }
    let tx = &*tx;
    futures::try_join!(stock::save(tx, &levels), order::update_lines(tx, &held.lines))?;
    charging::settle(tx, held).await
}

/// Makes what is reserved for lines as much as is wanted; says for every line what is missing, where the body speaks of it. The stock
/// is held, not saved.
pub(super) async fn reserve_exactly(
    tx: &mut Connection,
    command: &Command,
    lines: &mut [LineRow],
    wanted: &[Decimal],
    said: &[LineConfirmationData],
) -> Result<Vec<StockRow>, Failure> {
    let differs = |(line, wanted): &(&LineRow, &Decimal)| line.reserved != **wanted;
    let products: Vec<Uuid> = lines.iter().zip(wanted).filter(differs).map(|(line, _)| line.product_id).collect();
    let today = command.at.date_naive();
    let held = if products.is_empty() { Default::default() } else { stock::hold(tx, &products, today).await? };
    let (mut levels, expired) = held;
    let mut findings = Findings::default();
    for (line, wanted) in lines.iter_mut().zip(wanted) {
        if *wanted < line.reserved {
            give_back(&mut levels, line.product_id, line.reserved - wanted)?;
        } else if *wanted > line.reserved {
            let row = levels.iter_mut().find(|row| row.product_id == line.product_id);
            let row = row.ok_or_else(|| Failure::broken("a product has no stock row"))?;
            let mut level = row.level_without(&expired)?;
            if let Err(refusal) = level.reserve(*wanted - line.reserved) {
                let place = said.iter().position(|one| one.line_id == line.id);
                let pointer = place.map(|index| format!("/lines/{index}/quantity")).unwrap_or_default();
                findings.add(refusal.kind, pointer, "out_of_stock", format!("{}: {}", line.sku, refusal.detail));
            }
            row.reserved = level.reserved();
        }
        line.reserved = *wanted;
    }
    findings.result()?;
    Ok(levels)
}

/// Gives reserved stock of a product back, among rows that are held.
pub(crate) fn give_back(levels: &mut [StockRow], product: Uuid, quantity: Decimal) -> Result<(), Failure> {
    let row = levels.iter_mut().find(|row| row.product_id == product);
    let row = row.ok_or_else(|| Failure::broken("a product has no stock row"))?;
    let mut level = row.level()?;
    level.release(quantity)?;
    row.reserved = level.reserved();
    Ok(())
}

/// The contract of what was confirmed; lines that were not are left out.
async fn make_contract(
    tx: &mut Connection,
    command: &Command,
    held: &Order,
    outcome: &Confirmed,
) -> Result<Uuid, Failure> {
    let row = &held.row;
    let seller = row.seller_id.ok_or_else(|| Failure::broken("a placed order has no seller"))?;
    let agreed = |line| agreed(line, row, outcome).transpose();
    let lines = held.lines.iter().filter_map(agreed).collect::<Result<_, Failure>>()?;
    let origin = Origin {
        kind: "order",
        id: row.id,
        number: row.number,
        portal_id: row.portal_id,
        buyer: OrganisationId(row.buyer_id),
        seller: OrganisationId(seller),
        currency: Currency::parse(&row.currency)?,
        particulars: Vec::new(),
        lines,
        charge: outcome.freight.map(|amount| (ChargeKind::Freight, amount)),
        incoterm: row.incoterm.clone().zip(row.incoterm_place.clone()),
        payment_days: row.payment_days.ok_or_else(|| Failure::broken("a placed order has no term of payment"))?,
        delivery_address: row.delivery_address.clone(),
        delivery_date: outcome.delivery_date.or(row.requested_date),
        buyer_reference: row.buyer_reference.clone(),
    };
    Ok(contract::make::make(tx, command, origin).await?.0)
}

/// What was confirmed of a line. It goes where the order goes unless it says otherwise, and on the day that the seller named or else on
/// the one that was requested.
fn agreed(line: &LineRow, of: &OrderRow, outcome: &Confirmed) -> Result<Option<AgreedLine>, Failure> {
    let Some(quantity) = line.confirmed_quantity.filter(|quantity| !quantity.is_zero()) else { return Ok(None) };
    let base_quantity = line.in_base_unit(quantity)?;
    Ok(Some(AgreedLine {
        product_id: Some(line.product_id),
        sku: line.sku.clone(),
        name: line.name.clone(),
        quantity,
        unit: line.unit.clone(),
        unit_price: line.confirmed_price.unwrap_or(line.unit_price),
        discount_percent: line.discount_percent,
        tax_category: line.tax_category.clone(),
        tax_rate: line.tax_rate,
        amount: line.amount,
        base_quantity,
        reserved: base_quantity,
        weight: weighing(line)?,
        differentials: Vec::new(),
        delivery_address: line.delivery_address.clone().or_else(|| of.delivery_address.clone()),
        delivery_date: outcome.delivery_date.or(line.requested_date).or(of.requested_date),
    }))
}
