//! Placing: the stock is reserved and a draft becomes one order per seller, all or nothing.

use domain::kernel::{Findings, Kind, OrganisationId, Refusal};
use domain::ordering::{OrderFrame, OrderState, OrderStep, SellerOrder, confirm_by, place, submit_step};
use infra::Failure;
use infra::catalogue::product::StockRow;
use infra::catalogue::stock;
use infra::db::Connection;
use infra::ordering::order::{self, LineRow, NewOrder, Order, OrderRow};
use infra::timer;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::dto::{OrderData, number};
use super::pricing::Priced;
use super::proposal::ordered::use_up;
use crate::app::App;
use crate::command::{Command, Subject};

/// The timer that expires an order its seller does not answer.
pub const EXPIRY: &str = "order.expiry";

/// Places lines that were never kept as a draft.
pub async fn at_once(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    frame: &OrderFrame,
    data: &OrderData,
    priced: &Priced,
) -> Result<Vec<Order>, Failure> {
    let orders = place(priced.lines.clone())?;
    let taken = reserve(priced)?;
    use_up(tx, command, &priced.agreed).await?;
    let new = |one: &SellerOrder| placed(app, command, frame, data, priced, one, None);
    insert(tx, command, priced, &taken, &orders, new).await
}

/// Places a kept draft: with one seller it is placed itself, with several it is split.
pub async fn draft(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    frame: &OrderFrame,
    draft: Order,
    priced: &mut Priced,
) -> Result<Vec<Order>, Failure> {
    let mut orders = place(priced.lines.clone())?;
    check_prices(&draft.lines, priced)?;
    let taken = reserve(priced)?;
    use_up(tx, command, &priced.agreed).await?;
    let step = submit_step(&orders);
    let data = OrderData::of(&draft)?;
    let mut row = draft.row;
    row.state = OrderState::parse(&row.state)?.after(step)?.code().to_owned();
    row.version += 1;
    if step == OrderStep::Place {
        return place_itself(tx, app, command, row, &orders[0], priced, &taken).await;
    }
    order::update(tx, &row).await?;
    let subject = Subject { kind: "order", id: row.id, version: row.version };
    command.event("order.split", subject, Some(row.portal_id), &[row.buyer_id], json!({"number": number(row.number)}));
    // The draft keeps its lines for the record; the orders have lines of their own.
    for one in &mut orders {
        priced.renew(command, &mut one.lines);
    }
    // Whoever's consent places it: it stays the order of who made it.
    let new = |one: &SellerOrder| NewOrder {
        created_by: row.created_by,
        ..placed(app, command, frame, &data, priced, one, Some(row.id))
    };
    insert(tx, command, priced, &taken, &orders, new).await
}

async fn place_itself(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    mut row: OrderRow,
    only: &SellerOrder,
    priced: &Priced,
    taken: &[StockRow],
) -> Result<Vec<Order>, Failure> {
    let expires_at = confirm_by(command.at, app.config.order_expiry_hours);
    row.seller_id = Some(only.seller.0);
    row.payment_days = row.payment_days.or_else(|| Some(payment_days(priced, &row.currency, only.seller)));
    // Why it was sent back before is a matter of the buyer's company.
    row.reason = None;
    row.total = only.net.amount();
    row.placed_at = Some(command.at);
    row.expires_at = Some(expires_at);
    let lines = priced.rows(row.id, &only.lines, true)?;
    let tx = &*tx;
    futures::try_join!(
        order::update(tx, &row),
        order::place_lines(tx, &lines),
        stock::save(tx, taken),
        timer::set(tx, EXPIRY, row.id, expires_at),
    )?;
    let order = Order { row, lines };
    tell(command, &order);
    Ok(vec![order])
}

/// Writes new placed orders with their lines, the stock and the timers: one round trip.
async fn insert(
    tx: &mut Connection,
    command: &Command,
    priced: &Priced,
    taken: &[StockRow],
    orders: &[SellerOrder],
    new: impl Fn(&SellerOrder) -> NewOrder,
) -> Result<Vec<Order>, Failure> {
    let rows: Vec<NewOrder> = orders.iter().map(new).collect();
    let lines: Result<Vec<Vec<LineRow>>, Failure> =
        rows.iter().zip(orders).map(|(row, one)| priced.rows(row.id, &one.lines, true)).collect();
    let lines = lines?;
    let all: Vec<LineRow> = lines.iter().flatten().cloned().collect();
    let tx = &*tx;
    let expiries: Vec<_> = rows.iter().filter_map(|row| Some((row.id, row.expires_at?))).collect();
    let (numbers, (), ()) = futures::try_join!(
        order::insert(tx, &rows, &all),
        stock::save(tx, taken),
        timer::set_all(tx, EXPIRY, &expiries)
    )?;
    let placed: Vec<Order> = rows
        .into_iter()
        .zip(lines)
        .map(|(row, lines)| {
            let number = numbers.iter().find(|(id, _)| *id == row.id).map_or(0, |(_, number)| *number);
            Order { row: row.with_number(number), lines }
        })
        .collect();
    for order in &placed {
        tell(command, order);
    }
    Ok(placed)
}

/// Takes what is ordered from the held stock; says for every line what is missing.
fn reserve(priced: &Priced) -> Result<Vec<StockRow>, Failure> {
    let mut taken = priced.stock.clone();
    let mut findings = Findings::default();
    for (index, line) in priced.lines.iter().enumerate() {
        let product = priced.offers.get(&line.offer).map(|offer| offer.product.id);
        let row = taken.iter_mut().find(|row| Some(row.product_id) == product);
        let row = row.ok_or_else(|| Failure::broken("a product has no stock row"))?;
        let mut level = row.level_without(&priced.expired)?;
        match level.reserve(line.base_quantity) {
            Ok(()) => row.reserved = level.reserved(),
            Err(refusal) if refusal.kind == Kind::OutOfStock => {
                findings.add(Kind::OutOfStock, format!("/lines/{index}/quantity"), "out_of_stock", refusal.detail);
            }
            Err(refusal) => return Err(refusal.into()),
        }
    }
    findings.result()?;
    Ok(taken)
}

/// A draft is placed at the prices it shows, for as much as it shows, and weighed as it shows; if any of it has changed, the buyer looks
/// again.
pub(super) fn check_prices(kept: &[LineRow], now: &Priced) -> Result<(), Refusal> {
    let mut findings = Findings::default();
    for (index, (before, line)) in kept.iter().zip(&now.lines).enumerate() {
        let weight = now.offers.get(&line.offer).and_then(|offer| offer.weight.as_ref());
        let is = weight.map(|weight| (weight.unit.as_str(), weight.nominal, weight.tolerance_percent));
        let was = before.weight_unit.as_deref().zip(before.weight_nominal).zip(before.weight_tolerance);
        if was.map(|((unit, nominal), tolerance)| (unit, nominal, tolerance)) != is {
            let detail = "How it is weighed and billed by that has changed.";
            findings.add(Kind::PriceChanged, format!("/lines/{index}"), "weight_changed", detail);
        }
        if before.base_quantity != line.base_quantity {
            let (was, is) = (before.base_quantity.normalize(), line.base_quantity.normalize());
            let detail = format!("How much is in a {} has changed: it was {was} in all and is {is}.", before.unit);
            findings.add(Kind::PriceChanged, format!("/lines/{index}"), "pack_changed", detail);
        }
        let price = line.unit_price.amount();
        if before.unit_price != price {
            let detail = format!("The price was {} and is {price}.", before.unit_price.normalize());
            findings.add(Kind::PriceChanged, format!("/lines/{index}"), "price_changed", detail);
        }
    }
    findings.result()
}

fn placed(
    app: &App,
    command: &Command,
    frame: &OrderFrame,
    data: &OrderData,
    priced: &Priced,
    one: &SellerOrder,
    split_from: Option<Uuid>,
) -> NewOrder {
    NewOrder {
        seller_id: Some(one.seller.0),
        split_from,
        state: OrderState::Placed.code().to_owned(),
        payment_days: data.payment_days.or_else(|| Some(payment_days(priced, frame.currency.code(), one.seller))),
        placed_at: Some(command.at),
        expires_at: Some(confirm_by(command.at, app.config.order_expiry_hours)),
        ..new_draft(command, frame, data, Some(one.seller), one.net.amount())
    }
}

/// Days to pay where neither the buyer nor a credit line says otherwise.
const PAYMENT_DAYS: i32 = 30;

/// The days to pay where the buyer has named none: those that the seller gives this buyer, in the order's currency or else in any.
fn payment_days(priced: &Priced, currency: &str, seller: OrganisationId) -> i32 {
    let mut given: Vec<_> = priced.terms.credit.iter().filter(|line| line.seller_id == seller.0).collect();
    given.sort_by_key(|line| line.currency != currency);
    given.first().map_or(PAYMENT_DAYS, |line| line.payment_days)
}

/// A draft as it is kept.
pub fn new_draft(
    command: &Command,
    frame: &OrderFrame,
    data: &OrderData,
    seller: Option<OrganisationId>,
    total: Decimal,
) -> NewOrder {
    NewOrder {
        id: command.id(),
        portal_id: frame.portal.0,
        buyer_id: frame.buyer.0,
        seller_id: seller.map(|id| id.0),
        split_from: None,
        state: OrderState::Draft.code().to_owned(),
        currency: frame.currency.code().to_owned(),
        buyer_reference: data.buyer_reference.clone(),
        note: data.note.clone(),
        delivery_address: data.delivery_address.as_ref().map(|address| json!(address)),
        requested_date: data.requested_date,
        freight_terms: data.freight_terms.clone(),
        freight_limit: data.freight_limit.as_ref().and_then(|limit| limit.parse().ok()).map(|limit| limit.amount()),
        incoterm: data.incoterm.clone(),
        incoterm_place: data.incoterm_place.clone(),
        payment_days: data.payment_days,
        total,
        created_by: command.by.actor_id().unwrap_or_default(),
        created_at: command.at,
        placed_at: None,
        expires_at: None,
        shortage: data.shortage.clone(),
        cost_centre_id: data.cost_centre_id,
    }
}

fn tell(command: &Command, order: &Order) {
    let row = &order.row;
    let subject = Subject { kind: "order", id: row.id, version: row.version };
    let parties: Vec<Uuid> = [Some(row.buyer_id), row.seller_id].into_iter().flatten().collect();
    let data = json!({
        "number": number(row.number), "buyer_id": row.buyer_id, "seller_id": row.seller_id,
        "total": {"amount": row.total.to_string(), "currency": row.currency}
    });
    command.event("order.placed", subject, Some(row.portal_id), &parties, data);
}
