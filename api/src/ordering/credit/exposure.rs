//! What binds credit, noted with everything that changes it. Where there is no credit line there is nothing to note.

use domain::kernel::{Currency, Kind, Money, Refusal};
use domain::ordering::Confirmed;
use domain::ordering::credit::{Credit, left_of_order, needs_consent};
use infra::Failure;
use infra::billing::invoice::InvoiceRow;
use infra::db::Connection;
use infra::ordering::credit::{self, Bound, CreditEntryRow, CreditLineRow};
use infra::ordering::order::Order;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use crate::command::Command;
use crate::ordering::backorder;
use crate::ordering::pricing::Priced;
use crate::ordering::usecase::tell;

/// What placed orders bind. One that goes beyond the credit of its relation is held until the seller releases it.
pub async fn placed(
    tx: &mut Connection,
    command: &Command,
    priced: &Priced,
    orders: &mut [Order],
) -> Result<(), Failure> {
    let mut given: Vec<&mut Order> = orders
        .iter_mut()
        .filter(|order| order.row.placed_at.is_some())
        .filter(|order| priced.terms.credit.iter().any(|line| Some(line.seller_id) == order.row.seller_id))
        .collect();
    // Lines are held in the order of the sellers, so that two drafts never wait for each other in a circle.
    given.sort_by_key(|order| order.row.seller_id);
    for order in given {
        let line = line_of(tx, order).await?;
        let amount = gross(order)?;
        if needs_consent(line.as_ref().map(of_row).as_ref(), amount) {
            order.row.credit_hold = true;
            credit::set_hold(tx, order.row.id, true).await?;
            tell(command, "order.credit_held", order, json!({"seller_id": order.row.seller_id}));
        }
        if let Some(line) = line {
            bind(tx, command, &line, Bound { kind: "placed", ..of_order(order, amount) }).await?;
        }
    }
    Ok(())
}

/// By how much a confirmation, with what stays open, comes to more than what was ordered.
pub fn more(order: &Order, outcome: &Confirmed) -> Result<Decimal, Failure> {
    let currency = outcome.total.currency();
    let mut amounts = Vec::new();
    for (line, confirmed) in order.lines.iter().zip(&outcome.lines) {
        amounts.push((confirmed.amount.amount(), line.tax_rate));
        amounts.push((backorder::amount(line, confirmed, currency)?.amount(), line.tax_rate));
    }
    let freight = outcome.freight.map_or(Decimal::ZERO, Money::amount);
    Ok(with_tax(&amounts, currency) + freight - gross(order)?)
}

/// What an order binds now that it was confirmed. What it binds more than before has to be within the credit of its relation.
pub async fn confirmed(tx: &mut Connection, command: &Command, order: &Order, more: Decimal) -> Result<(), Failure> {
    let amount = gross(order)?;
    check_more(tx, order, more).await?;
    let Some(line) = line_of(tx, order).await? else { return Ok(()) };
    bind(tx, command, &line, Bound { kind: "confirmed", ..of_order(order, amount) }).await
}

/// Refuses what a placed order would bind more if that is beyond the credit of its relation.
pub async fn check_more(tx: &mut Connection, order: &Order, more: Decimal) -> Result<(), Failure> {
    if more <= Decimal::ZERO {
        return Ok(());
    }
    let line = line_of(tx, order).await?;
    let gives_credit = match order.row.seller_id {
        Some(seller) if line.is_none() => credit::is_given(tx, seller, order.row.buyer_id).await?,
        _ => line.is_some(),
    };
    if gives_credit && needs_consent(line.as_ref().map(of_row).as_ref(), more) {
        let detail = "That is over the buyer's credit: the seller has to give more first.";
        return Err(Refusal::new(Kind::CreditHold, detail).into());
    }
    Ok(())
}

/// What a backorder binds that was opened.
pub async fn opened(tx: &mut Connection, command: &Command, order: &Order) -> Result<(), Failure> {
    let Some(line) = line_of(tx, order).await? else { return Ok(()) };
    bind(tx, command, &line, Bound { kind: "placed", ..of_order(order, gross(order)?) }).await
}

/// An order that has ended, or whose contract has, binds nothing any more.
pub async fn ended(tx: &mut Connection, command: &Command, order: &Order) -> Result<(), Failure> {
    let Some(line) = line_of(tx, order).await? else { return Ok(()) };
    bind(tx, command, &line, Bound { kind: "ended", ..of_order(order, Decimal::ZERO) }).await
}

/// What of a relation binds something else than before.
#[derive(Debug, Default)]
pub struct Changed<'a> {
    pub invoices: &'a [&'a InvoiceRow],
    /// Contracts whose orders bind what is not invoiced. Those that are over are left out.
    pub contracts: &'a [Uuid],
    /// Orders that have ended with their contracts.
    pub ended: &'a [Order],
}

/// What invoices bind that were issued, paid or credited, and orders beside them. Credit lines are held after all other rows: nothing is
/// locked any more after this.
pub async fn changed(
    tx: &mut Connection,
    command: &Command,
    (seller, buyer, currency): (Uuid, Uuid, &str),
    changed: Changed<'_>,
    kind: &'static str,
) -> Result<(), Failure> {
    let Some(line) = credit::lock_between(tx, seller, buyer, currency).await? else { return Ok(()) };
    for invoice in changed.invoices {
        bind(tx, command, &line, of_invoice(invoice, kind)).await?;
    }
    for contract in changed.contracts {
        let Some(order) = credit::order_of_contract(tx, *contract).await? else { continue };
        let left = left_of(tx, order, Some(*contract), currency).await?;
        bind(tx, command, &line, Bound { kind, source_kind: "order", source_id: order, amount: left }).await?;
    }
    for order in changed.ended {
        bind(tx, command, &line, Bound { kind: "ended", ..of_order(order, Decimal::ZERO) }).await?;
    }
    Ok(())
}

/// Notes what is open already where a credit line begins.
pub async fn open(tx: &mut Connection, command: &Command, line: &CreditLineRow) -> Result<(), Failure> {
    let (seller, buyer, currency) = (line.seller_id, line.buyer_id, line.currency.as_str());
    let entry = |source_kind: &str, source_id, amount| CreditEntryRow {
        id: command.id(),
        credit_line_id: line.id,
        kind: "opening".to_owned(),
        source_kind: source_kind.to_owned(),
        source_id,
        amount,
        at: command.at,
    };
    let mut entries = Vec::new();
    for (order, contract) in credit::open_orders(tx, seller, buyer, currency).await? {
        entries.push(entry("order", order, left_of(tx, order, contract, currency).await?));
    }
    let invoices = credit::open_invoices(tx, seller, buyer, currency).await?;
    entries.extend(invoices.into_iter().map(|(invoice, open)| entry("invoice", invoice, open)));
    entries.retain(|entry| !entry.amount.is_zero());
    credit::open(tx, line, &entries).await
}

async fn left_of(tx: &mut Connection, order: Uuid, contract: Option<Uuid>, currency: &str) -> Result<Decimal, Failure> {
    let currency = Currency::parse(currency)?;
    if let Some(contract) = contract {
        return Ok(left_of_order(&credit::bound_lines(tx, contract, currency).await?)?);
    }
    let (lines, freight) = credit::amounts(tx, order).await?;
    Ok(with_tax(&lines, currency) + freight)
}

/// The credit line of an order, held.
async fn line_of(tx: &mut Connection, order: &Order) -> Result<Option<CreditLineRow>, Failure> {
    let Some(seller) = order.row.seller_id.filter(|_| order.row.placed_at.is_some()) else { return Ok(None) };
    credit::lock_between(tx, seller, order.row.buyer_id, &order.row.currency).await
}

async fn bind(tx: &mut Connection, command: &Command, line: &CreditLineRow, bound: Bound<'_>) -> Result<(), Failure> {
    credit::bind(tx, line, command.id(), bound, command.at).await
}

fn of_order(order: &Order, amount: Decimal) -> Bound<'static> {
    Bound { kind: "", source_kind: "order", source_id: order.row.id, amount }
}

/// What is open of an issued invoice.
fn of_invoice(invoice: &InvoiceRow, kind: &'static str) -> Bound<'static> {
    let open = (invoice.gross - invoice.paid - invoice.credited).max(Decimal::ZERO);
    Bound { kind, source_kind: "invoice", source_id: invoice.id, amount: open }
}

/// Lines with their tax, each rounded once, half to even, and freight.
fn gross(order: &Order) -> Result<Decimal, Failure> {
    let lines: Vec<(Decimal, Decimal)> = order.lines.iter().map(|line| (line.amount, line.tax_rate)).collect();
    Ok(with_tax(&lines, Currency::parse(&order.row.currency)?) + order.row.freight)
}

/// Amounts, each with the tax at its rate.
fn with_tax(lines: &[(Decimal, Decimal)], currency: Currency) -> Decimal {
    let tax = |(amount, rate): &(Decimal, Decimal)| currency.round(amount * rate / Decimal::ONE_HUNDRED);
    lines.iter().map(|line| line.0 + tax(line)).sum()
}

fn of_row(row: &CreditLineRow) -> Credit {
    Credit { limit: row.credit_limit, is_active: row.state == "active", exposure: row.exposure }
}
