//! Payments: recorded by the payer, confirmed or rejected by the payee, for invoices.

use domain::billing::three_way::MatchState;
use domain::billing::{
    Allocation, InvoiceState, OpenInvoice, Payment as Stated, PaymentState, PaymentStep, Settlement, allocate, ledger,
    payment_matching, spread::spread,
};
use domain::kernel::{Currency, Findings, InvoiceId, Kind, Money, OrganisationId, PaymentId, Refusal, Timestamp};
use infra::Failure;
use infra::billing::bank_statement;
use infra::billing::invoice::{self, InvoiceRow};
use infra::billing::ledger::Subject as About;
use infra::billing::payment::{self, AllocationRow, Payment, PaymentRow};
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::order::Order;
use infra::party::organisation;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::payment_dto::{
    AllocationData, PaymentAllocation, PaymentConfirmation, PaymentData, PaymentDto, PaymentQuery, PaymentRejection,
};
use super::rights;
use super::usecase::{book, tell as tell_invoice};
use crate::command::{Command, Subject};
use crate::contract::usecase::settle as settle_contracts;
use crate::http::answer::Answer;
use crate::http::principal::Principal;
use crate::ordering::credit::exposure::{self, Changed};
use crate::ordering::sight;

fn unknown() -> Refusal {
    Refusal::not_found("payment")
}

/// The payer says that it paid. Nothing is booked before the payee confirms it.
pub async fn record(tx: &mut Connection, command: &Command, data: &PaymentData) -> Result<Answer<PaymentDto>, Failure> {
    let payer = command.by.require(rights::PAY)?;
    let payee = OrganisationId(data.payee_id);
    let mut findings = Findings::default();
    let amount = findings.keep("/amount", data.amount.parse());
    if data.paid_on > command.at.date_naive() {
        findings.add(Kind::InvalidInput, "/paid_on", "in_future", "What will be paid later is recorded then.");
    }
    if organisation::known(tx, &[payee.0]).await?.is_empty() {
        findings.add(Kind::InvalidInput, "/payee_id", "unknown_organisation", "There is no such organisation.");
    }
    let wanted = data.allocations.as_deref().map(|named| parsed(named, &mut findings)).unwrap_or_default();
    findings.result()?;
    let amount = amount.ok_or_else(|| Failure::broken("an amount without faults and without a value"))?;
    let stated = Stated { payer, payee, amount };
    let ids: Vec<Uuid> = wanted.iter().map(|one| one.invoice.0).collect();
    let mut held = invoice::lock_between(tx, payee, payer, Some(&ids), amount.currency().code()).await?;
    if let Some(seen) = sight::of(tx, &command.by, command.at).await? {
        let seen = infra::ordering::sight::seen_invoices(tx, &seen, &ids).await?;
        held.retain(|row| seen.contains(&row.id));
    }
    allocate(&stated, &wanted, &open(&held)?)?;
    let id = command.id::<PaymentId>();
    let row = PaymentRow {
        id: id.0,
        payer_id: payer.0,
        payee_id: payee.0,
        state: PaymentState::Recorded.code().to_owned(),
        amount: amount.amount(),
        currency: amount.currency().code().to_owned(),
        paid_on: data.paid_on,
        reference: data.reference.clone(),
        reason: None,
        created_by: command.by.actor_id().unwrap_or_default(),
        created_at: command.at,
        decided_at: None,
        version: 1,
    };
    let made = Payment { row, allocations: rows(id, &wanted) };
    payment::insert(tx, &made).await?;
    tell(command, "payment.recorded", &made.row);
    Ok(Answer::created(format!("/v1/payments/{id}"), PaymentDto::from(&made)).version(1))
}

/// The payee has the money: both book it, and the invoices it is for are settled by it. Where nobody said what it is for,
/// its reference does, or else the invoices that were due first are settled first; what is left stays on account.
pub async fn confirm(
    tx: &mut Connection,
    command: &Command,
    id: PaymentId,
    data: &PaymentConfirmation,
) -> Result<Answer<PaymentDto>, Failure> {
    let mut held = lock_for_payee(tx, command, id).await?;
    held.row.state = PaymentState::parse(&held.row.state)?.after(PaymentStep::Confirm)?.code().to_owned();
    let amount = Money::new(held.row.amount, Currency::parse(&held.row.currency)?)?;
    let stated = Stated { payer: OrganisationId(held.row.payer_id), payee: OrganisationId(held.row.payee_id), amount };
    let named = match all_parsed(data.allocations.as_deref())? {
        None if !held.allocations.is_empty() => Some(kept(&held.allocations, amount.currency())?),
        named => named,
    };
    let (mut invoices, wanted) = meant(tx, &stated, named, held.row.reference.as_deref()).await?;
    decided(command, &mut held, None);
    let freed = book_confirmed(tx, command, &mut held, false, &wanted, &mut invoices).await?;
    free(tx, command, relation(&held.row), &invoices, &freed).await?;
    Ok(Answer::ok(PaymentDto::from(&held)).version(held.row.version))
}

/// Keeps a confirmed payment with what it is for, books it, and settles the invoices, which are held. Credit lines are held after all other
/// rows: the caller tells them at last, by [`free`].
pub async fn book_confirmed(
    tx: &mut Connection,
    command: &Command,
    confirmed: &mut Payment,
    is_new: bool,
    wanted: &[Allocation],
    invoices: &mut [InvoiceRow],
) -> Result<Freed, Failure> {
    let row = &confirmed.row;
    let (id, amount) = (PaymentId(row.id), Money::new(row.amount, Currency::parse(&row.currency)?)?);
    let stated = Stated { payer: OrganisationId(row.payer_id), payee: OrganisationId(row.payee_id), amount };
    let settled = allocate(&stated, wanted, &open(invoices)?)?;
    confirmed.allocations = rows(id, wanted);
    if is_new {
        payment::insert(tx, confirmed).await?
    } else {
        payment::update(tx, confirmed).await?
    }
    let entries = ledger::payment_confirmed(stated.payer, stated.payee, amount)?;
    book(tx, command, &entries, About { kind: "payment", id: id.0 }).await?;
    tell(command, "payment.confirmed", &confirmed.row);
    settle(tx, command, invoices, &settled).await
}

/// The payee says what the money on account is for. It was booked with the confirmation.
pub async fn allocate_rest(
    tx: &mut Connection,
    command: &Command,
    id: PaymentId,
    data: &PaymentAllocation,
) -> Result<Answer<PaymentDto>, Failure> {
    let named = all_parsed(data.allocations.as_deref())?;
    let held = allocate_more(tx, command, id, named).await?;
    Ok(Answer::ok(PaymentDto::from(&held)).version(held.row.version))
}

/// [`allocate_rest`] with what is named, if anything is.
pub async fn allocate_more(
    tx: &mut Connection,
    command: &Command,
    id: PaymentId,
    named: Option<Vec<Allocation>>,
) -> Result<Payment, Failure> {
    let mut held = lock_for_payee(tx, command, id).await?;
    PaymentState::parse(&held.row.state)?.after(PaymentStep::Allocate)?;
    let allocated: Decimal = held.allocations.iter().map(|one| one.amount).sum();
    let rest = Money::new(held.row.amount - allocated, Currency::parse(&held.row.currency)?)?;
    if rest.amount().is_zero() {
        return Err(Refusal::new(Kind::OverPayment, "All of the payment is allocated.").into());
    }
    let (payer, payee) = (OrganisationId(held.row.payer_id), OrganisationId(held.row.payee_id));
    let stated = Stated { payer, payee, amount: rest };
    let (mut invoices, wanted) = meant(tx, &stated, named, held.row.reference.as_deref()).await?;
    let settled = allocate(&stated, &wanted, &open(&invoices)?)?;
    for more in rows(id, &wanted) {
        match held.allocations.iter_mut().find(|one| one.invoice_id == more.invoice_id) {
            Some(one) => one.amount += more.amount,
            None => held.allocations.push(more),
        }
    }
    held.row.version += 1;
    payment::update(tx, &held).await?;
    if wanted.iter().map(|one| one.amount.amount()).sum::<Decimal>() == rest.amount() {
        bank_statement::all_allocated(tx, id).await?;
    }
    tell(command, "payment.allocated", &held.row);
    let freed = settle(tx, command, &mut invoices, &settled).await?;
    free(tx, command, relation(&held.row), &invoices, &freed).await?;
    Ok(held)
}

/// What a payment is for, and the invoices, held: those named, or else those that its reference or their due dates tell.
async fn meant(
    tx: &mut Connection,
    stated: &Stated,
    named: Option<Vec<Allocation>>,
    reference: Option<&str>,
) -> Result<(Vec<InvoiceRow>, Vec<Allocation>), Failure> {
    let ids = named.as_ref().map(|named| named.iter().map(|one| one.invoice.0).collect::<Vec<_>>());
    let currency = stated.amount.currency().code();
    let mut invoices = invoice::lock_between(tx, stated.payee, stated.payer, ids.as_deref(), currency).await?;
    let wanted = match named {
        Some(named) => named,
        None => matched(&mut invoices, reference, stated.amount)?,
    };
    Ok((invoices, wanted))
}

/// What a body names, if it names any.
pub fn all_parsed(named: Option<&[AllocationData]>) -> Result<Option<Vec<Allocation>>, Refusal> {
    let mut findings = Findings::default();
    let parsed = named.map(|named| parsed(named, &mut findings));
    findings.result().map(|()| parsed)
}

/// The payee knows nothing of it.
pub async fn reject(
    tx: &mut Connection,
    command: &Command,
    id: PaymentId,
    data: &PaymentRejection,
) -> Result<Answer<PaymentDto>, Failure> {
    let mut held = lock_for_payee(tx, command, id).await?;
    held.row.state = PaymentState::parse(&held.row.state)?.after(PaymentStep::Reject)?.code().to_owned();
    decided(command, &mut held, Some(data.reason.clone()));
    payment::update(tx, &held).await?;
    tell(command, "payment.rejected", &held.row);
    Ok(Answer::ok(PaymentDto::from(&held)).version(held.row.version))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: PaymentId,
    at: Timestamp,
) -> Result<(PaymentDto, i64), Failure> {
    let own = by.require(rights::READ)?;
    let seen = sight::of(connection, by, at).await?;
    let found = payment::find(connection, own, id, seen.as_ref()).await?.ok_or_else(unknown)?;
    Ok((PaymentDto::from(&found), found.row.version))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    query: &PaymentQuery,
    page: &Page,
    at: Timestamp,
) -> Result<List<PaymentDto>, Failure> {
    let own = by.require(rights::READ)?;
    let invalid = |detail: String| Refusal::new(Kind::InvalidQuery, detail);
    let as_payer = match query.role.as_deref() {
        None => None,
        Some("payer") => Some(true),
        Some("payee") => Some(false),
        Some(_) => return Err(invalid("`role` is payer or payee.".into()).into()),
    };
    let state = query.state.as_deref().map(PaymentState::parse).transpose().map_err(|odd| invalid(odd.detail))?;
    let seen = sight::of(connection, by, at).await?;
    let found = payment::list(connection, own, as_payer, state.map(PaymentState::code), seen.as_ref(), page).await?;
    Ok(found.map(|one| PaymentDto::from(&one)))
}

/// A payment to the caller's organisation, held. The payer may see it but not decide.
async fn lock_for_payee(tx: &mut Connection, command: &Command, id: PaymentId) -> Result<Payment, Failure> {
    let own = command.by.member()?.id;
    let held = payment::lock(tx, own, id).await?.ok_or_else(unknown)?;
    if held.row.payee_id != own.0 {
        return Err(Refusal::forbidden("The payee decides on a payment.").into());
    }
    command.by.require(rights::PAY)?;
    Ok(held)
}

pub fn decided(command: &Command, held: &mut Payment, reason: Option<String>) {
    held.row.reason = reason;
    held.row.decided_at = Some(command.at);
    held.row.version += 1;
}

fn parsed(named: &[AllocationData], findings: &mut Findings) -> Vec<Allocation> {
    let mut wanted = Vec::new();
    for (index, one) in named.iter().enumerate() {
        let amount = findings.keep(format!("/allocations/{index}/amount"), one.amount.parse());
        wanted.extend(amount.map(|amount| Allocation { invoice: InvoiceId(one.invoice_id), amount }));
    }
    wanted
}

fn kept(allocations: &[AllocationRow], currency: Currency) -> Result<Vec<Allocation>, Failure> {
    let one = |row: &AllocationRow| {
        Ok(Allocation { invoice: InvoiceId(row.invoice_id), amount: Money::new(row.amount, currency)? })
    };
    allocations.iter().map(one).collect()
}

fn rows(payment: PaymentId, allocations: &[Allocation]) -> Vec<AllocationRow> {
    let row = |one: &Allocation| AllocationRow {
        payment_id: payment.0,
        invoice_id: one.invoice.0,
        amount: one.amount.amount(),
    };
    allocations.iter().map(row).collect()
}

pub fn open(rows: &[InvoiceRow]) -> Result<Vec<OpenInvoice>, Failure> {
    let one = |row: &InvoiceRow| {
        Ok(OpenInvoice {
            id: InvoiceId(row.id),
            seller: OrganisationId(row.seller_id),
            buyer: OrganisationId(row.buyer_id),
            state: InvoiceState::parse(&row.state)?,
            gross: Money::new(row.gross, Currency::parse(&row.currency)?)?,
            paid: row.paid,
            credited: row.credited,
            is_held: row.match_state.as_deref().map(MatchState::parse).transpose()?.is_some_and(MatchState::holds),
        })
    };
    rows.iter().map(one).collect()
}

/// Spreads an amount over the open invoices that its reference names; if it names none, over all of them, those due first before the
/// others.
fn matched(invoices: &mut [InvoiceRow], reference: Option<&str>, amount: Money) -> Result<Vec<Allocation>, Failure> {
    invoices.sort_by_key(|row| (row.due_date, row.id));
    let numbers = invoices.iter().filter_map(|row| Some((InvoiceId(row.id), row.number.as_deref()?)));
    let named = reference.map(|text| payment_matching::named(text, numbers)).unwrap_or_default();
    let open = open(invoices)?;
    if named.is_empty() {
        return Ok(spread(amount, &open)?);
    }
    Ok(spread(amount, named.iter().filter_map(|id| open.iter().find(|one| one.id == *id)))?)
}

/// What payments settled: the invoices, and the orders whose contracts are over by that.
#[derive(Debug, Default)]
pub struct Freed {
    pub invoices: Vec<Uuid>,
    pub ended: Vec<Order>,
}

/// Payee, payer and currency of a payment.
pub fn relation(row: &PaymentRow) -> (Uuid, Uuid, &str) {
    (row.payee_id, row.payer_id, row.currency.as_str())
}

async fn settle(
    tx: &mut Connection,
    command: &Command,
    invoices: &mut [InvoiceRow],
    settled: &[Settlement],
) -> Result<Freed, Failure> {
    let mut freed = Freed::default();
    for one in settled {
        let Some(row) = invoices.iter_mut().find(|row| row.id == one.invoice.0) else { continue };
        row.paid += one.amount.amount();
        row.state = one.state.code().to_owned();
        row.version += 1;
        invoice::update(tx, row).await?;
        freed.invoices.push(row.id);
        let kind = if one.state == InvoiceState::Paid { "invoice.paid" } else { "invoice.partly_paid" };
        tell_invoice(command, kind, row, None, json!({}));
        if one.state == InvoiceState::Paid {
            let contracts = invoice::contracts(tx, row.id).await?;
            freed.ended.extend(settle_contracts(tx, command, &contracts).await?);
        }
    }
    Ok(freed)
}

/// Frees of the credit line of a relation what payments in it settled.
pub async fn free(
    tx: &mut Connection,
    command: &Command,
    relation: (Uuid, Uuid, &str),
    invoices: &[InvoiceRow],
    freed: &Freed,
) -> Result<(), Failure> {
    let changed: Vec<&InvoiceRow> = invoices.iter().filter(|row| freed.invoices.contains(&row.id)).collect();
    let changed = Changed { invoices: &changed, ended: &freed.ended, ..Changed::default() };
    exposure::changed(tx, command, relation, changed, "paid").await
}

/// An event for both sides.
fn tell(command: &Command, kind: &'static str, row: &PaymentRow) {
    let subject = Subject { kind: "payment", id: row.id, version: row.version };
    command.event(kind, subject, None, &[row.payer_id, row.payee_id], json!({"state": row.state}));
}
