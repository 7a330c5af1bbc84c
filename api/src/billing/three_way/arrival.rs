//! Matches an invoice as it arrives, and anew once something of it was credited.

use domain::billing::three_way::{MatchLine, MatchState, MatchStep, Tolerance, delivered_price, differences};
use domain::kernel::{Currency, InvoiceId, OrganisationId, Timestamp};
use infra::Failure;
use infra::billing::invoice::{self, Invoice, InvoiceLineRow};
use infra::billing::three_way::{self, DifferenceRow, MatchRow, ProgressRow};
use infra::db::Connection;
use infra::timer;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use crate::billing::usecase::tell;
use crate::command::Command;

/// The timer that matches an invoice anew.
pub const REMATCH: &str = "invoice.rematch";

/// Matches an invoice that its buyer gets. Where the buyer does not match it is one read.
pub async fn arrive(tx: &mut Connection, command: &Command, made: &mut Invoice) -> Result<(), Failure> {
    let tolerance = three_way::tolerance(tx, OrganisationId(made.row.buyer_id)).await?;
    let Some(tolerance) = tolerance.filter(|tolerance| tolerance.is_active) else { return Ok(()) };
    let amount = if tolerance.currency == made.row.currency { tolerance.amount } else { Decimal::ZERO };
    let row = MatchRow {
        invoice_id: made.row.id,
        price_percent: tolerance.price_percent,
        quantity_percent: tolerance.quantity_percent,
        amount,
        decided_by: None,
        decided_at: None,
        reason: None,
    };
    three_way::insert(tx, &row).await?;
    let found = compare(tx, made, &row).await?;
    three_way::keep_differences(tx, made.row.id, &found).await?;
    let state = if found.is_empty() { MatchState::Matched } else { MatchState::Held };
    made.row.match_state = Some(state.code().to_owned());
    invoice::update(tx, &made.row).await?;
    if state == MatchState::Held {
        // What is credited at this moment of another invoice over the same lines is not seen yet.
        timer::set(tx, REMATCH, made.row.id, command.at).await?;
        tell(command, "invoice.held", &made.row, None, json!({"differences": found.len()}));
    }
    made.matching = Some((row, found));
    Ok(())
}

/// Something was credited or came back of these lines of contracts: other invoices over them that are held are matched anew, each by itself.
pub async fn match_others(
    tx: &mut Connection,
    command: &Command,
    lines: &[Uuid],
    but: Option<Uuid>,
) -> Result<(), Failure> {
    let found = three_way::held_over(tx, lines, but).await?;
    let due: Vec<(Uuid, Timestamp)> = found.into_iter().map(|invoice| (invoice, command.at)).collect();
    if due.is_empty() { Ok(()) } else { timer::set_all(tx, REMATCH, &due).await }
}

/// Matches an invoice anew that is held.
pub async fn match_again(tx: &mut Connection, command: &Command, id: InvoiceId) -> Result<(), Failure> {
    let Some(mut held) = invoice::lock_any(tx, id).await? else { return Ok(()) };
    held.row.version += 1;
    credited(tx, command, &mut held).await
}

/// Something was credited of an invoice that is held: perhaps nothing is too much any more.
pub async fn credited(tx: &mut Connection, command: &Command, held: &mut Invoice) -> Result<(), Failure> {
    let Some(state) = held.row.match_state.as_deref().map(MatchState::parse).transpose()? else { return Ok(()) };
    let Some((row, _)) = held.matching.take().filter(|_| state.holds()) else { return Ok(()) };
    let found = compare(tx, held, &row).await?;
    three_way::keep_differences(tx, held.row.id, &found).await?;
    if found.is_empty() {
        held.row.match_state = Some(state.after(MatchStep::Clear)?.code().to_owned());
        invoice::update(tx, &held.row).await?;
        tell(command, "invoice.matched", &held.row, None, json!({}));
    }
    held.matching = Some((row, found));
    Ok(())
}

async fn compare(tx: &mut Connection, of: &Invoice, row: &MatchRow) -> Result<Vec<DifferenceRow>, Failure> {
    let tolerance =
        Tolerance { price_percent: row.price_percent, quantity_percent: row.quantity_percent, amount: row.amount };
    let currency = Currency::parse(&of.row.currency)?;
    let lines: Vec<Uuid> = of.lines.iter().map(|line| line.contract_line_id).collect();
    let progress = three_way::progress(tx, &lines).await?;
    let mut found = Vec::new();
    for line in &of.lines {
        let source = progress.iter().find(|one| one.contract_line_id == line.contract_line_id);
        let source = source.ok_or_else(|| Failure::broken("an invoice line is of no contract line"))?;
        let difference = |one: &domain::billing::three_way::Difference| DifferenceRow {
            invoice_id: of.row.id,
            invoice_line_id: line.id,
            kind: one.measure.code().to_owned(),
            expected: one.expected,
            found: one.found,
        };
        found.extend(differences(&match_line(line, source, currency), &tolerance).iter().map(difference));
    }
    Ok(found)
}

fn match_line(line: &InvoiceLineRow, source: &ProgressRow, currency: Currency) -> MatchLine {
    let net = |price: Decimal, discount: Decimal| price * (Decimal::ONE - discount / Decimal::ONE_HUNDRED);
    let half = Decimal::new(5, currency.decimals() + 1);
    let delivered = source.delivered_prices.as_deref().and_then(|prices| delivered_price(prices, line.unit_price));
    MatchLine {
        ordered_price: net(delivered.unwrap_or(source.unit_price), source.discount_percent),
        invoiced_price: net(line.unit_price, line.discount_percent),
        ordered: source.ordered,
        // Freight is not received.
        received: source.received.unwrap_or(source.ordered),
        invoiced: source.invoiced,
        invoiced_amount: source.invoiced_amount,
        rounding: half * Decimal::from(source.parts),
        received_value: source.received_value.map(|value| net(value, source.discount_percent)),
    }
}
