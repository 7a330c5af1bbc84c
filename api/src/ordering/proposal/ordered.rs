//! Ordering at an agreed price: it replaces the price of the line, and is used up by the order that is placed.

use std::collections::HashSet;

use domain::catalogue::{CallerPrice, PriceSource};
use domain::kernel::{Currency, Findings, Kind, Quantity, Refusal, UnitPrice};
use domain::ordering::{DraftLine, OrderFrame, PricedLine, Proposal, ProposalState, ProposalStep};
use infra::Failure;
use infra::db::Connection;
use infra::ordering::proposal::{self, ProposalRow};
use infra::timer;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::usecase::{EXPIRY, tell};
use crate::command::Command;

/// The lines at the prices that were agreed on for them, and these prices, held: [`use_up`] uses them. Of two orders that name the
/// same one, the second finds it used. Costs nothing where no line names one.
pub async fn priced(
    tx: &Connection,
    command: &Command,
    frame: &OrderFrame,
    wanted: &[DraftLine],
    mut lines: Vec<PricedLine>,
) -> Result<(Vec<PricedLine>, Vec<ProposalRow>), Failure> {
    let named: Vec<Uuid> = wanted.iter().filter_map(|line| line.proposal).map(|id| id.0).collect();
    if named.is_empty() {
        return Ok((lines, Vec::new()));
    }
    let held = proposal::lock_of_buyer(tx, frame.buyer, &named).await?;
    let mut findings = Findings::default();
    let (mut used, mut seen) = (Vec::new(), HashSet::new());
    for (index, (line, wanted)) in lines.iter_mut().zip(wanted).enumerate() {
        let Some(id) = wanted.proposal else { continue };
        let pointer = format!("/lines/{index}/price_proposal_id");
        if !seen.insert(id) {
            findings.add(Kind::InvalidInput, pointer, "repeated", "It is good for one line.");
            continue;
        }
        let Some(row) = held.iter().find(|row| row.id == id.0 && row.offer_id == line.offer.0) else {
            let detail = "There is no such price of yours for this offer.";
            findings.add(Kind::InvalidInput, pointer, "unknown_proposal", detail);
            continue;
        };
        match usable(command, frame, row, (wanted.quantity, line.base_quantity)) {
            Ok(price) => {
                // Agreed on for one of the unit that is ordered in.
                line.price = CallerPrice {
                    unit_price: price,
                    source: PriceSource::Proposal(id),
                    from: row.quantity,
                    discount: None,
                };
                line.unit_price = price;
                line.amount =
                    price.line_amount(wanted.quantity.value(), Decimal::ZERO).map_err(|odd| odd.at(&pointer))?;
                used.push(row.clone());
            }
            Err(Failure::Refused(refusal)) => findings.add(refusal.kind, pointer, code(refusal.kind), refusal.detail),
            Err(failure) => return Err(failure),
        }
    }
    findings.result()?;
    Ok((lines, used))
}

/// The agreed price, if the line can be ordered at it.
fn usable(
    command: &Command,
    frame: &OrderFrame,
    row: &ProposalRow,
    (quantity, base_quantity): (Quantity, Decimal),
) -> Result<UnitPrice, Failure> {
    let state = ProposalState::parse(&row.state)?;
    let agreed = Proposal { state, rounds: row.rounds, expires_at: row.expires_at };
    if state == ProposalState::Used {
        return Err(Refusal::new(Kind::ProposalUsed, "It was ordered at that price already.").into());
    }
    agreed.check_open(command.at)?;
    state.after(ProposalStep::Use)?;
    let currency = Currency::parse(&row.currency)?;
    if currency != frame.currency {
        let detail = format!("The price was agreed on in {currency}, and the order is in {}.", frame.currency);
        return Err(Refusal::new(Kind::CurrencyMismatch, detail).into());
    }
    if (row.quantity, row.unit.as_str()) != (quantity.value(), quantity.unit().code()) {
        let detail = format!("The price was agreed on for {} {}.", row.quantity.normalize(), row.unit);
        return Err(Refusal::new(Kind::InvalidInput, detail).into());
    }
    if row.base_quantity != base_quantity {
        let detail = format!("How much is in a {} has changed since the price was agreed on.", row.unit);
        return Err(Refusal::new(Kind::PriceChanged, detail).into());
    }
    Ok(UnitPrice::new(row.unit_price, currency)?)
}

fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::ProposalUsed => "proposal_used",
        Kind::ProposalExpired => "proposal_expired",
        Kind::InvalidInput => "proposal_quantity",
        Kind::CurrencyMismatch => "currency_mismatch",
        Kind::PriceChanged => "pack_changed",
        _ => "proposal_state",
    }
}

/// The order is placed: what was agreed on for it is used up. An order that only waits for its approval uses nothing yet.
pub async fn use_up(tx: &Connection, command: &Command, used: &[ProposalRow]) -> Result<(), Failure> {
    if used.is_empty() {
        return Ok(());
    }
    for row in used {
        let state = ProposalState::parse(&row.state)?.after(ProposalStep::Use)?.code().to_owned();
        let row = ProposalRow { state, version: row.version + 1, ..row.clone() };
        tell(command, "price_proposal.used", &row, json!({}));
    }
    let ids: Vec<Uuid> = used.iter().map(|row| row.id).collect();
    futures::try_join!(proposal::use_up(tx, &ids, command.at), timer::clear_all(tx, EXPIRY, &ids))?;
    Ok(())
}
