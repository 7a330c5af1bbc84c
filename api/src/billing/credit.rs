//! Credit notes: what an invoice charged and is given back.

use chrono::Datelike;
use domain::billing::{CreditLine, CreditNote, CreditRequest, CreditableLine, InvoiceState, credit as decide, ledger};
use domain::kernel::{Currency, Findings, InvoiceId, InvoiceLineId, OrganisationId, Refusal, UnitPrice};
use infra::Failure;
use infra::billing::invoice::{self, Invoice, InvoiceLineRow, InvoiceRow};
use infra::billing::ledger::Subject as About;
use infra::db::Connection;
use infra::timer;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::commission::sale;
use super::dto::{CreditData, InvoiceDto};
use super::rights;
use super::three_way::arrival;
use super::usecase::{PUBLICATION, account_of, book, next_number, relation, reopen, tax_of, tax_rows, tell, unknown};
use crate::command::Command;
use crate::contract::usecase::settle;
use crate::http::answer::Answer;
use crate::ordering::credit::exposure::{self, Changed};

const SERIES: &str = "CN";

/// Credits an issued invoice, whole or in part, by a note with a number of its own.
pub async fn credit(
    tx: &mut Connection,
    command: &Command,
    id: InvoiceId,
    data: &CreditData,
    languages: &[String],
) -> Result<Answer<InvoiceDto>, Failure> {
    let own = command.by.member()?.id;
    let mut held = invoice::lock(tx, own, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::INVOICE)?;
    if held.row.kind != "invoice" {
        return Err(Refusal::wrong_state("credit note", "issued", "credited").into());
    }
    let request = wanted(data, &held.lines)?;
    let note = apply(tx, command, &mut held, &request, &data.reason).await?;
    if data.invoice_again {
        reopen(tx, &note).await?;
        if held.lines.iter().all(|line| line.credited_quantity == line.quantity) {
            invoice::free_deliveries(tx, held.row.id).await?;
        }
    }
    let ended = settle(tx, command, &held.contracts).await?;
    let changed = Changed { invoices: &[&held.row], contracts: &held.contracts, ended: &ended };
    exposure::changed(tx, command, relation(&held.row), changed, "credited").await?;
    let account = account_of(tx, &note.row).await?;
    let location = format!("/v1/invoices/{}", note.row.id);
    Ok(Answer::created(location, InvoiceDto::of(&note, account, languages)?).version(note.row.version))
}

/// Credits what is asked for of an issued invoice that is held: the note is issued and booked. What that frees of credit is noted by
/// whoever calls, last of all.
pub async fn apply(
    tx: &mut Connection,
    command: &Command,
    held: &mut Invoice,
    request: &CreditRequest,
    reason: &str,
) -> Result<Invoice, Failure> {
    let currency = Currency::parse(&held.row.currency)?;
    let lines = held.lines.iter().map(|line| creditable(line, currency)).collect::<Result<Vec<_>, _>>()?;
    let content = decide(InvoiceState::parse(&held.row.state)?, currency, &lines, request)?;
    let note = note(tx, command, held, &content, reason).await?;
    take_back(held, &content)?;
    invoice::update(tx, &held.row).await?;
    invoice::update_credited(tx, &held.lines).await?;
    invoice::insert(tx, &note).await?;
    let (seller, buyer) = (OrganisationId(held.row.seller_id), OrganisationId(held.row.buyer_id));
    let entries = ledger::credit_note_issued(seller, buyer, &content.totals)?;
    book(tx, command, &entries, About { kind: "invoice", id: note.row.id }).await?;
    sale::count(tx, command, &note).await?;
    arrival::credited(tx, command, held).await?;
    let lines: Vec<Uuid> = note.lines.iter().map(|line| line.contract_line_id).collect();
    arrival::match_others(tx, command, &lines, Some(held.row.id)).await?;
    timer::set(tx, PUBLICATION, note.row.id, command.at).await?;
    tell(command, "credit_note.issued", &note.row, None, json!({"credits_id": held.row.id}));
    tell(command, "invoice.credited", &held.row, None, json!({"credit_note_id": note.row.id}));
    Ok(note)
}

fn creditable(line: &InvoiceLineRow, currency: Currency) -> Result<CreditableLine, Failure> {
    Ok(CreditableLine {
        line: InvoiceLineId(line.id),
        quantity: line.quantity,
        unit_price: UnitPrice::new(line.unit_price, currency)?,
        discount_percent: line.discount_percent,
        tax: tax_of(&line.tax_category, line.tax_rate)?,
        credited: line.credited_quantity,
    })
}

fn wanted(data: &CreditData, lines: &[InvoiceLineRow]) -> Result<CreditRequest, Refusal> {
    let Some(named) = &data.lines else { return Ok(CreditRequest::Whole) };
    let mut findings = Findings::default();
    let mut wanted = Vec::new();
    for (index, one) in named.iter().enumerate() {
        let unit = lines.iter().find(|line| line.id == one.invoice_line_id).map(|line| line.unit.as_str());
        let quantity = one.quantity.value_in(unit, &format!("/lines/{index}/quantity"), &mut findings);
        wanted.extend(quantity.map(|quantity| CreditLine { line: InvoiceLineId(one.invoice_line_id), quantity }));
    }
    findings.result().map(|()| CreditRequest::Lines(wanted))
}

/// The credit note, issued at once.
async fn note(
    tx: &mut Connection,
    command: &Command,
    of: &Invoice,
    content: &CreditNote,
    reason: &str,
) -> Result<Invoice, Failure> {
    let today = command.at.date_naive();
    let totals = &content.totals;
    let row = InvoiceRow {
        id: command.id::<InvoiceId>().0,
        kind: "credit_note".to_owned(),
        number: Some(next_number(tx, of.row.seller_id, SERIES, today.year()).await?),
        credits_id: Some(of.row.id),
        state: InvoiceState::Issued.code().to_owned(),
        net: totals.net.amount(),
        tax: totals.tax.amount(),
        gross: totals.gross.amount(),
        paid: Decimal::ZERO,
        credited: Decimal::ZERO,
        issue_date: Some(today),
        due_date: Some(today),
        reason: Some(reason.to_owned()),
        document_id: None,
        created_at: command.at,
        issued_at: Some(command.at),
        version: 1,
        match_state: None,
        ..of.row.clone()
    };
    let lines = note_lines(command, row.id, of, content)?;
    let taxes = tax_rows(row.id, totals);
    Ok(Invoice { row, lines, taxes, contracts: of.contracts.clone(), notices: Vec::new(), matching: None })
}

fn note_lines(
    command: &Command,
    note: Uuid,
    of: &Invoice,
    content: &CreditNote,
) -> Result<Vec<InvoiceLineRow>, Failure> {
    let row = |(position, line): (i32, &domain::billing::CreditedLine)| {
        let source = of.lines.iter().find(|one| one.id == line.line.0);
        let source = source.ok_or_else(|| Failure::broken("a credited line is of no invoice line"))?;
        Ok(InvoiceLineRow {
            id: command.id(),
            invoice_id: note,
            position,
            quantity: line.quantity,
            net: line.net.amount(),
            credited_quantity: Decimal::ZERO,
            ..source.clone()
        })
    };
    (1..).zip(&content.lines).map(row).collect()
}

/// What the note does to the invoice.
fn take_back(held: &mut Invoice, content: &CreditNote) -> Result<(), Failure> {
    for credited in &content.lines {
        if let Some(line) = held.lines.iter_mut().find(|line| line.id == credited.line.0) {
            line.credited_quantity += credited.quantity;
        }
    }
    let row = &mut held.row;
    row.credited += content.totals.gross.amount();
    row.state = InvoiceState::parse(&row.state)?.settled(row.gross, row.paid, row.credited)?.code().to_owned();
    row.version += 1;
    Ok(())
}
