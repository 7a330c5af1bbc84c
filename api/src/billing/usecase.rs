//! Invoices: drafted of what was delivered, issued under a number, read.

use chrono::Datelike;
use domain::billing::three_way::MatchState;
use domain::billing::{
    BillableLine, InvoiceDraft, InvoiceState, InvoiceStep, Totals, collect, draft, due_date, invoice_number, ledger,
};
use domain::catalogue::{Tax, TaxCategory};
use domain::contract::delivery::is_fulfilled;
use domain::contract::weight::invoiced_quantity;
use domain::contract::{Charge, ChargeKind};
use domain::kernel::language::{Texts, pick};
use domain::kernel::{
    BankAccountId, ContractId, ContractLineId, Currency, DeliveryId, InvoiceId, Kind, Money, OrganisationId, Refusal,
    Timestamp, Unit, UnitPrice,
};
use infra::Failure;

use infra::billing::invoice::{self, Invoice, InvoiceLineRow, InvoiceRow, InvoiceTaxRow, Search};
use infra::billing::ledger::{Subject as About, post};
use infra::contract::delivery::{self, Delivery};
use infra::contract::store::{self, Contract, LineRow};
use infra::contract::weight::WeightRow;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::bank_account::{self, BankAccountRow};
use infra::timer;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::commission::sale;
use super::dto::{InvoiceData, InvoiceDto, InvoiceQuery, InvoiceSummary, IssueData};
use super::dunning::overdue;
use super::rights;
use super::three_way::arrival;
use crate::command::{Command, Subject};
use crate::contract::delivery::progress;
use crate::contract::usecase::settle;
use crate::contract::weight::brought;
use crate::http::answer::{Answer, check_version};
use crate::http::principal::Principal;
use crate::ordering::credit::exposure::{self, Changed};
use crate::ordering::sight;

/// What a seller's invoices are numbered with; credit notes have a series of their own.
const SERIES: &str = "INV";

/// The timer that prints an issued invoice and publishes the document.
pub const PUBLICATION: &str = "invoice.publication";

pub(super) fn unknown() -> Refusal {
    Refusal::not_found("invoice")
}

/// Drafts an invoice of all that was received under a contract and is not invoiced, or issues it at once.
pub async fn create(
    tx: &mut Connection,
    command: &Command,
    data: &InvoiceData,
    languages: &[String],
) -> Result<Answer<InvoiceDto>, Failure> {
    let own = command.by.member()?.id;
    let id = ContractId(data.contract_id);
    let missing = || Refusal::fault("/contract_id", "unknown_contract", "There is no such contract.");
    let held = store::lock(tx, own, id).await?.ok_or_else(missing)?;
    command.by.require(rights::INVOICE)?;
    if held.row.seller_id != own.0 {
        return Err(Refusal::forbidden("The seller of a contract invoices it.").into());
    }
    let delivery = match data.delivery_id {
        Some(named) => Some(delivered(tx, own, id, named).await?),
        None => None,
    };
    let mut held = [held];
    let made = drafted(command, &mut held, delivery.as_ref())?;
    let account = match data.issue {
        true => Some(pay_to(tx, &made.row, data.bank_account_id).await?),
        false => None,
    };
    let made = keep(tx, command, made, (&held, data.delivery_id), account.as_ref()).await?;
    let location = format!("/v1/invoices/{}", made.row.id);
    Ok(Answer::created(location, InvoiceDto::of(&made, account, languages)?).version(made.row.version))
}

/// A delivery that can be invoiced.
async fn delivered(
    tx: &mut Connection,
    own: OrganisationId,
    contract: ContractId,
    named: Uuid,
) -> Result<Delivery, Failure> {
    let found = delivery::find(tx, own, named.into()).await?.filter(|found| found.row.contract_id == contract.0);
    let missing = || Refusal::fault("/delivery_id", "unknown_delivery", "The contract has no such delivery.");
    let found = found.ok_or_else(missing)?;
    if found.row.received_at.is_none() || found.row.invoice_id.is_some() {
        let detail = "It has not arrived, or an invoice holds it.";
        return Err(Refusal::new(Kind::NothingToInvoice, detail).into());
    }
    Ok(found)
}

/// Keeps a draft of these contracts, perhaps of one delivery alone, which hold what it invoices, and issues it where there is an account to pay to.
pub(super) async fn keep(
    tx: &mut Connection,
    command: &Command,
    mut made: Invoice,
    (held, only): (&[Contract], Option<Uuid>),
    account: Option<&BankAccountRow>,
) -> Result<Invoice, Failure> {
    if let (Some(account), Some(first)) = (account, held.first()) {
        issue_row(tx, command, &mut made.row, first.row.payment_days, account).await?;
    }
    invoice::insert(tx, &made).await?;
    for of in held {
        store::update_progress(tx, of).await?;
    }
    invoice::hold_deliveries(tx, &made, only).await?;
    if account.is_some() {
        issued(tx, command, &mut made, portal_of(held)).await?;
    }
    Ok(made)
}

/// The portal of what is invoiced, if it is one.
fn portal_of(held: &[Contract]) -> Option<Uuid> {
    let first = held.first()?.row.portal_id;
    held.iter().all(|one| one.row.portal_id == first).then_some(first)
}

/// Issues a draft: it gets its number, and both books their entries.
pub async fn issue(
    tx: &mut Connection,
    command: &Command,
    id: InvoiceId,
    data: &IssueData,
    languages: &[String],
) -> Result<Answer<InvoiceDto>, Failure> {
    let own = command.by.member()?.id;
    let mut held = invoice::lock(tx, own, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::INVOICE)?;
    InvoiceState::parse(&held.row.state)?.after(InvoiceStep::Issue)?;
    // All contracts of an invoice have the same terms of payment.
    let first = held.contracts.first().ok_or_else(|| Failure::broken("an invoice is of no contract"))?;
    let of = store::find(tx, Some(own), ContractId(*first)).await?.ok_or_else(unknown)?;
    let account = pay_to(tx, &held.row, data.bank_account_id).await?;
    issue_row(tx, command, &mut held.row, of.row.payment_days, &account).await?;
    held.row.version += 1;
    invoice::update(tx, &held.row).await?;
    let portal = Some(of.row.portal_id).filter(|_| held.contracts.len() == 1);
    issued(tx, command, &mut held, portal).await?;
    Ok(Answer::ok(InvoiceDto::of(&held, Some(account), languages)?).version(held.row.version))
}

/// Throws a draft away; what it held can be invoiced again.
pub async fn discard(
    tx: &mut Connection,
    command: &Command,
    id: InvoiceId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let own = command.by.member()?.id;
    let held = invoice::lock(tx, own, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::INVOICE)?;
    check_version(held.row.version, expected)?;
    if InvoiceState::parse(&held.row.state)? != InvoiceState::Draft {
        return Err(Refusal::wrong_state("invoice", &held.row.state, "discarded").into());
    }
    reopen(tx, &held).await?;
    invoice::delete_draft(tx, id).await?;
    Ok(Answer::no_content())
}

/// Counts what an invoice or a credit note holds of the contract's lines as not invoiced again. Whoever writes lines of a contract holds
/// it, as here, so that nothing is written over.
pub(super) async fn reopen(tx: &mut Connection, of: &Invoice) -> Result<(), Failure> {
    for id in &of.contracts {
        let missing = || Failure::broken("an invoice is of no contract");
        let mut held = store::lock_any(tx, ContractId(*id)).await?.ok_or_else(missing)?;
        for line in &mut held.lines {
            for one in of.lines.iter().filter(|one| one.contract_line_id == line.id) {
                match held.weights.iter_mut().find(|weight| weight.contract_line_id == line.id) {
                    Some(weight) => {
                        weight.invoiced -= one.quantity;
                        line.invoiced = invoiced_quantity(line.received, weight.received, weight.invoiced);
                    }
                    None => line.invoiced -= one.quantity,
                }
                held.grading.reopen(ContractLineId(line.id), one.unit_price, one.quantity);
            }
        }
        store::update_progress(tx, &held).await?;
    }
    Ok(())
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: InvoiceId,
    at: Timestamp,
    languages: &[String],
) -> Result<(InvoiceDto, i64), Failure> {
    let found = load(connection, by, id, at).await?;
    let account = account_of(connection, &found.row).await?;
    Ok((InvoiceDto::of(&found, account, languages)?, found.row.version))
}

/// An invoice that the caller sees.
pub(super) async fn load(
    connection: &mut Connection,
    by: &Principal,
    id: InvoiceId,
    at: Timestamp,
) -> Result<Invoice, Failure> {
    let own = by.require(rights::READ)?;
    let found = invoice::find(connection, own, id).await?.ok_or_else(unknown)?;
    for contract in &found.contracts {
        sight::check_contract(connection, by, at, (found.row.buyer_id, *contract), unknown).await?;
    }
    Ok(found)
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    query: &InvoiceQuery,
    page: &Page,
    at: Timestamp,
) -> Result<List<InvoiceSummary>, Failure> {
    let own = by.require(rights::READ)?;
    let invalid = |detail: String| Refusal::new(Kind::InvalidQuery, detail);
    let as_buyer = match query.role.as_deref() {
        None => None,
        Some("buyer") => Some(true),
        Some("seller") => Some(false),
        Some(_) => return Err(invalid("`role` is buyer or seller.".into()).into()),
    };
    if query.kind.as_deref().is_some_and(|kind| !["invoice", "credit_note"].contains(&kind)) {
        return Err(invalid("`kind` is invoice or credit_note.".into()).into());
    }
    let state = query.state.as_deref().map(InvoiceState::parse).transpose().map_err(|odd| invalid(odd.detail))?;
    let match_state = query.match_state.as_deref().map(MatchState::parse).transpose();
    let match_state = match_state.map_err(|odd| invalid(odd.detail))?;
    let seen = sight::of(connection, by, at).await?;
    let search = Search {
        sight: seen.as_ref(),
        as_buyer,
        state: state.map(InvoiceState::code),
        kind: query.kind.as_deref(),
        match_state: match_state.map(MatchState::code),
        contract: query.contract_id.map(ContractId),
        due_before: query.due_before,
    };
    Ok(invoice::list(connection, own, &search, page).await?.map(|row| InvoiceSummary::from(&row)))
}

/// The account on an invoice.
pub(super) async fn account_of(
    connection: &mut Connection,
    row: &InvoiceRow,
) -> Result<Option<BankAccountRow>, Failure> {
    match row.bank_account_id {
        Some(id) => bank_account::find(connection, BankAccountId(id)).await,
        None => Ok(None),
    }
}

/// The content of a draft over these contracts, perhaps of one delivery alone. The contracts' lines hold what it invoices.
pub(super) fn drafted(command: &Command, held: &mut [Contract], only: Option<&Delivery>) -> Result<Invoice, Failure> {
    let mut parts = Vec::new();
    for (place, of) in held.iter().enumerate() {
        match content(of, only) {
            Ok(part) => parts.push((place, part)),
            Err(Failure::Refused(refusal)) if refusal.kind == Kind::NothingToInvoice => {}
            Err(failure) => return Err(failure),
        }
    }
    let whole = collect(parts.iter().map(|(_, part)| part.clone()).collect())?;
    let first = parts.first().ok_or_else(|| Failure::broken("a draft of nothing"))?.0;
    let mut row = draft_row(command, &held[first], &whole.totals);
    row.contract_id = row.contract_id.filter(|_| parts.len() == 1);
    let (mut lines, mut contracts) = (Vec::new(), Vec::new());
    for (place, part) in &parts {
        contracts.push(held[*place].row.id);
        lines.extend(hold_lines(command, row.id, (&mut held[*place], only), part, lines.len())?);
    }
    let taxes = tax_rows(row.id, &whole.totals);
    Ok(Invoice { row, lines, taxes, contracts, notices: Vec::new(), matching: None })
}

/// What is to be invoiced of one contract.
fn content(of: &Contract, only: Option<&Delivery>) -> Result<InvoiceDraft, Failure> {
    let currency = Currency::parse(&of.row.currency)?;
    let goods = of.lines.iter().filter(|line| line.kind == "goods");
    let mut billable = Vec::new();
    for line in goods {
        billable.extend(open_of(of, line, only, currency)?);
    }
    let charged = of.lines.iter().find(|line| line.kind != "goods" && line.invoiced < line.quantity);
    let charge = charged.map(|line| charge(line, currency)).transpose()?;
    let have_arrived = only.is_none() && is_fulfilled(&progress(&of.lines));
    Ok(draft(&billable, charge, have_arrived)?)
}

/// What can be invoiced of a line, perhaps of one delivery alone. Of graded goods, each price is for itself.
fn open_of(
    of: &Contract,
    line: &LineRow,
    only: Option<&Delivery>,
    currency: Currency,
) -> Result<Vec<BillableLine>, Failure> {
    let weight = of.weights.iter().find(|one| one.contract_line_id == line.id);
    let mut billable = billable(line, weight, currency)?;
    if of.grading.is_graded(billable.line) {
        let open = of.grading.to_invoice(billable.line, only.map(|only| DeliveryId(only.row.id)));
        let at = |(price, delivered)| {
            let unit_price = UnitPrice::new(price, currency)?;
            Ok(BillableLine { unit_price, delivered, invoiced: Decimal::ZERO, ..billable.clone() })
        };
        return open.into_iter().map(at).collect();
    }
    if let Some(only) = only {
        // No more than is open of the line, whatever was invoiced before.
        let open = billable.delivered - billable.invoiced;
        let brought = only.lines.iter().find(|row| row.contract_line_id == line.id).map(brought).unwrap_or_default();
        billable.delivered = billable.invoiced + brought.min(open);
    }
    Ok(vec![billable])
}

/// What is billed of a line: what arrived in good order, or what that weighs.
pub(crate) fn billable(
    line: &LineRow,
    weight: Option<&WeightRow>,
    currency: Currency,
) -> Result<BillableLine, Failure> {
    let names: Texts = serde_json::from_value(line.name.clone()).map_err(Failure::broken)?;
    Ok(BillableLine {
        line: ContractLineId(line.id),
        description: pick(&names, &[]).to_owned(),
        unit: Unit::parse(weight.map_or(&line.unit, |weight| &weight.unit))?,
        unit_price: UnitPrice::new(weight.map_or(line.unit_price, |weight| weight.unit_price), currency)?,
        discount_percent: line.discount_percent,
        tax: tax_of(&line.tax_category, line.tax_rate)?,
        delivered: weight.map_or(line.received, |weight| weight.received),
        invoiced: weight.map_or(line.invoiced, |weight| weight.invoiced),
    })
}

fn charge(line: &LineRow, currency: Currency) -> Result<Charge, Failure> {
    let tax = tax_of(&line.tax_category, line.tax_rate)?;
    Ok(Charge { kind: ChargeKind::parse(&line.kind)?, amount: Money::new(line.amount, currency)?, tax })
}

pub(super) fn tax_of(category: &str, rate: Decimal) -> Result<Tax, Failure> {
    Ok(Tax::new(TaxCategory::parse(category)?, rate)?)
}

fn draft_row(command: &Command, held: &Contract, totals: &Totals) -> InvoiceRow {
    InvoiceRow {
        id: command.id::<InvoiceId>().0,
        kind: "invoice".to_owned(),
        number: None,
        contract_id: Some(held.row.id),
        credits_id: None,
        seller_id: held.row.seller_id,
        buyer_id: held.row.buyer_id,
        bank_account_id: None,
        state: InvoiceState::Draft.code().to_owned(),
        currency: held.row.currency.clone(),
        net: totals.net.amount(),
        tax: totals.tax.amount(),
        gross: totals.gross.amount(),
        paid: Decimal::ZERO,
        credited: Decimal::ZERO,
        issue_date: None,
        due_date: None,
        reason: None,
        document_id: None,
        created_at: command.at,
        issued_at: None,
        version: 1,
        match_state: None,
    }
}

/// The rows of the draft's lines; each contract line counts them as invoiced, so that no other invoice takes them.
fn hold_lines(
    command: &Command,
    invoice: Uuid,
    (held, only): (&mut Contract, Option<&Delivery>),
    content: &InvoiceDraft,
    before: usize,
) -> Result<Vec<InvoiceLineRow>, Failure> {
    let mut rows = Vec::new();
    let first = i32::try_from(before).map_err(Failure::broken)? + 1;
    for (position, line) in (first..).zip(&content.lines) {
        let is_source = |one: &&mut LineRow| match line.contract_line {
            Some(id) => one.id == id.0,
            None => one.kind != "goods",
        };
        let source = held.lines.iter_mut().find(is_source);
        let source = source.ok_or_else(|| Failure::broken("an invoice line is of no contract line"))?;
        match held.weights.iter_mut().find(|weight| weight.contract_line_id == source.id) {
            Some(weight) => {
                weight.invoiced += line.quantity.value();
                source.invoiced = invoiced_quantity(source.received, weight.received, weight.invoiced);
            }
            None => source.invoiced += line.quantity.value(),
        }
        let taken = (line.unit_price.amount(), line.quantity.value());
        held.grading.invoice(ContractLineId(source.id), taken, only.map(|only| DeliveryId(only.row.id)));
        rows.push(InvoiceLineRow {
            id: command.id(),
            invoice_id: invoice,
            position,
            contract_line_id: source.id,
            sku: source.sku.clone(),
            name: source.name.clone(),
            quantity: line.quantity.value(),
            unit: line.quantity.unit().code().to_owned(),
            unit_price: line.unit_price.amount(),
            discount_percent: line.discount_percent,
            tax_category: line.tax.category().code().to_owned(),
            tax_rate: line.tax.rate(),
            net: line.net.amount(),
            credited_quantity: Decimal::ZERO,
        });
    }
    Ok(rows)
}

pub(super) fn tax_rows(invoice: Uuid, totals: &Totals) -> Vec<InvoiceTaxRow> {
    let row = |one: &domain::billing::TaxSubtotal| InvoiceTaxRow {
        invoice_id: invoice,
        tax_category: one.tax.category().code().to_owned(),
        tax_rate: one.tax.rate(),
        base: one.base.amount(),
        tax: one.amount.amount(),
    };
    totals.taxes.iter().map(row).collect()
}

async fn pay_to(tx: &mut Connection, row: &InvoiceRow, named: Option<Uuid>) -> Result<BankAccountRow, Failure> {
    let found =
        bank_account::for_invoice(tx, OrganisationId(row.seller_id), named.map(BankAccountId), &row.currency).await?;
    let missing = || match named {
        Some(_) => {
            let detail = format!("There is no such bank account in {} of yours.", row.currency);
            Refusal::fault("/bank_account_id", "unknown_account", detail)
        }
        None => {
            let detail = format!("Add a bank account in {} first: an invoice says where to pay to.", row.currency);
            Refusal::new(Kind::BankAccountMissing, detail)
        }
    };
    Ok(found.ok_or_else(missing)?)
}

/// Gives a draft its number and its dates.
async fn issue_row(
    tx: &mut Connection,
    command: &Command,
    row: &mut InvoiceRow,
    payment_days: i32,
    account: &BankAccountRow,
) -> Result<(), Failure> {
    let today = command.at.date_naive();
    let state = InvoiceState::parse(&row.state)?.after(InvoiceStep::Issue)?;
    row.number = Some(next_number(tx, row.seller_id, SERIES, today.year()).await?);
    row.state = state.settled(row.gross, row.paid, row.credited)?.code().to_owned();
    row.issue_date = Some(today);
    row.due_date = Some(due_date(today, payment_days));
    row.issued_at = Some(command.at);
    row.bank_account_id = Some(account.id);
    Ok(())
}

pub(super) async fn next_number(tx: &mut Connection, seller: Uuid, series: &str, year: i32) -> Result<String, Failure> {
    let next = invoice::next_in_series(tx, OrganisationId(seller), series, year).await?;
    Ok(invoice_number(series, year, u64::try_from(next).map_err(Failure::broken)?))
}

/// What follows from an invoice that has its number: entries in both books, the printed document, the news.
async fn issued(
    tx: &mut Connection,
    command: &Command,
    made: &mut Invoice,
    portal: Option<Uuid>,
) -> Result<(), Failure> {
    let row = &made.row;
    let entries = ledger::invoice_issued(OrganisationId(row.seller_id), OrganisationId(row.buyer_id), &totals(made)?)?;
    book(tx, command, &entries, About { kind: "invoice", id: row.id }).await?;
    sale::count(tx, command, made).await?;
    timer::set(tx, PUBLICATION, row.id, command.at).await?;
    overdue::wait(tx, row).await?;
    let told = json!({"contract_id": row.contract_id, "contract_ids": made.contracts});
    tell(command, "invoice.issued", row, portal, told);
    arrival::arrive(tx, command, made).await?;
    let paid = made.row.state == InvoiceState::Paid.code();
    // One over nothing is paid as it is issued.
    let ended = if paid { settle(tx, command, &made.contracts).await? } else { Vec::new() };
    let changed = Changed { invoices: &[&made.row], contracts: &made.contracts, ended: &ended };
    exposure::changed(tx, command, relation(&made.row), changed, "invoiced").await
}

/// Seller, buyer and currency of an invoice: what its credit line is of.
pub(super) fn relation(of: &InvoiceRow) -> (Uuid, Uuid, &str) {
    (of.seller_id, of.buyer_id, &of.currency)
}

pub(super) async fn book(
    tx: &mut Connection,
    command: &Command,
    entries: &[domain::billing::Entry],
    about: About,
) -> Result<(), Failure> {
    post(tx, entries, about, command.at, || command.id()).await
}

/// The sums of an invoice as it was kept.
pub(super) fn totals(of: &Invoice) -> Result<Totals, Failure> {
    let currency = Currency::parse(&of.row.currency)?;
    let nets = of.lines.iter().map(|line| Ok((line.net, tax_of(&line.tax_category, line.tax_rate)?)));
    Ok(Totals::of(currency, nets.collect::<Result<Vec<_>, Failure>>()?)?)
}

/// An event for both sides.
pub(super) fn tell(
    command: &Command,
    kind: &'static str,
    row: &InvoiceRow,
    portal: Option<Uuid>,
    mut data: serde_json::Value,
) {
    data["number"] = json!(row.number);
    data["state"] = json!(row.state);
    let subject = Subject { kind: "invoice", id: row.id, version: row.version };
    command.event(kind, subject, portal, &[row.seller_id, row.buyer_id], data);
}
