//! A person says what money that came is for.

use std::collections::BTreeSet;

use domain::billing::Allocation;
use domain::billing::bank_statement::{EntryState, EntryStep, Recorded, confirmed_before, same_money};
use domain::kernel::{BankStatementEntryId, Currency, Faults, InvoiceId, Money, OrganisationId, PaymentId, Refusal};
use infra::Failure;
use infra::billing::bank_statement::{self as store, EntryRow};
use infra::billing::invoice;
use infra::billing::payment::Payment;
use infra::db::Connection;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::before::{Before, link};
use super::book::{book, claims, recorded};
use super::dto::{EntryAllocation, EntryDto};
use super::read::unknown_entry;
use crate::billing::payment::{all_parsed, allocate_more, free, relation};
use crate::billing::rights;
use crate::command::Command;
use crate::http::answer::Answer;
use crate::ordering::sight;

/// Books an open entry for these invoices, or allocates more of what is on account.
pub async fn allocate(
    tx: &mut Connection,
    command: &Command,
    id: BankStatementEntryId,
    data: &EntryAllocation,
) -> Result<Answer<EntryDto>, Failure> {
    let own = command.by.member()?.id;
    let mut entry = store::lock_entry(tx, own, id).await?.ok_or_else(unknown_entry)?;
    command.by.require(rights::PAY)?;
    sight::check_all(tx, &command.by, command.at, "Bank statements tell").await?;
    let state = EntryState::parse(&entry.state)?;
    state.after(EntryStep::AllocatePart)?;
    let wanted = all_parsed(Some(&data.allocations))?.unwrap_or_default();
    let payment = match entry.payment_id {
        Some(payment) => allocate_more(tx, command, PaymentId(payment), Some(wanted)).await?,
        None => open(tx, command, own, &mut entry, &wanted).await?,
    };
    let allocated: Decimal = payment.allocations.iter().map(|one| one.amount).sum();
    let is_whole = allocated == payment.row.amount;
    let step = if is_whole { EntryStep::AllocateAll } else { EntryStep::AllocatePart };
    state.after(step)?.code().clone_into(&mut entry.state);
    entry.candidates = Vec::new();
    entry.version += 1;
    store::update(tx, &entry).await?;
    Ok(Answer::ok(EntryDto::from(&entry)))
}

/// Books an entry that is open. The payment that the payer recorded for the same is confirmed. One that was confirmed
/// before is booked: the entry is linked to it.
async fn open(
    tx: &mut Connection,
    command: &Command,
    own: OrganisationId,
    entry: &mut EntryRow,
    wanted: &[Allocation],
) -> Result<Payment, Failure> {
    let payer = payer(tx, own, wanted).await?;
    let money = [(entry.booked_on, entry.amount)];
    let mut before = Before::lock(tx, command, own, &entry.currency, &money).await?;
    let ids: Vec<Uuid> = wanted.iter().map(|one| one.invoice.0).collect();
    let mut invoices = invoice::lock_between(tx, own, payer, Some(&ids), &entry.currency).await?;
    let amount = Money::new(entry.amount, Currency::parse(&entry.currency)?)?;
    let named: BTreeSet<InvoiceId> = wanted.iter().map(|one| one.invoice).collect();
    let claims = claims(&invoices)?;
    if let Some(known) = confirmed_before(&before.known, payer, amount, &named, &claims) {
        let payment = before.confirmed(known)?;
        link(entry, payment);
        return Ok(payment.clone());
    }
    let known = recorded(&before.waiting)?;
    let known: Vec<&Recorded> = known.iter().collect();
    let confirms = same_money(&known, payer, amount, &named, &claims);
    let held = confirms.and_then(|id| before.take_waiting(id));
    let (payment, freed) = book(tx, command, entry, payer, held, (wanted, &mut invoices)).await?;
    free(tx, command, relation(&payment.row), &invoices, &freed).await?;
    "by_hand".clone_into(&mut entry.reason);
    entry.payment_id = Some(payment.row.id);
    Ok(payment)
}

/// The buyer of the invoices that are named, who has paid.
async fn payer(tx: &mut Connection, own: OrganisationId, wanted: &[Allocation]) -> Result<OrganisationId, Failure> {
    let ids: Vec<Uuid> = wanted.iter().map(|one| one.invoice.0).collect();
    let found = invoice::of_seller(tx, own, &ids).await?;
    let mut faults = Faults::default();
    for (index, id) in ids.iter().enumerate() {
        if !found.iter().any(|row| row.id == *id) {
            let detail = "You have issued no such invoice.";
            faults.add(format!("/allocations/{index}/invoice_id"), "unknown_invoice", detail);
        }
    }
    faults.result()?;
    let payers: BTreeSet<Uuid> = found.iter().map(|row| row.buyer_id).collect();
    match (payers.first(), payers.len()) {
        (Some(payer), 1) => Ok(OrganisationId(*payer)),
        _ => {
            let detail = "The invoices are of several buyers, but one of them has paid.";
            Err(Refusal::fault("/allocations", "several_payers", detail).into())
        }
    }
}
