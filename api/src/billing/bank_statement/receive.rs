//! Taking in what a bank sends.

use std::collections::HashMap;

use domain::billing::Allocation;
use domain::billing::bank_statement::{EntryState, Verdict, judge};
use domain::billing::payment_matching::Incoming;
use domain::kernel::{BankAccountId, BankStatementId, Currency, Faults, Kind, Money, OrganisationId, Refusal};
use infra::Failure;
use infra::billing::bank_statement::{self as store, EntryRow, StatementRow};
use infra::billing::invoice::{self, InvoiceRow};
use infra::db::Connection;
use infra::party::bank_account::{self, BankAccountRow};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::before::{Before, link};
use super::book::{Freeing, book, claims, recorded};
use super::dto::{BankStatementDto, BankStatementsDto};
use super::{content, entries};
use crate::billing::rights;
use crate::command::{Command, Subject};
use crate::http::answer::Answer;
use crate::integration::camt::{Message, Statement};
use crate::ordering::sight;

/// The most payments of one message.
const MOST_PAYMENTS: usize = 2000;

/// Takes in the statements of a message, each once: one that is known is answered as it stands, and nothing of it booked again. One that has
/// the number of a known one and says something else is refused, and the message with it.
pub async fn receive(
    tx: &mut Connection,
    command: &Command,
    message: &Message,
) -> Result<Answer<BankStatementsDto>, Failure> {
    let own = command.by.require(rights::PAY)?;
    sight::check_all(tx, &command.by, command.at, "Bank statements tell").await?;
    let payments = |one: &Statement| one.entries.iter().map(|entry| entry.details.len().max(1)).sum::<usize>();
    if message.statements.iter().map(payments).sum::<usize>() > MOST_PAYMENTS {
        let detail = format!("A message has at most {MOST_PAYMENTS} payments; send the rest in another one.");
        return Err(Refusal::fault("/Document/BkToCstmrStmt", "too_many", detail).into());
    }
    let accounts = accounts(tx, own, message).await?;
    let (mut rows, mut is_new) = (Vec::new(), false);
    for (statement, account) in message.statements.iter().zip(&accounts) {
        let sequence = statement.sequence.as_deref();
        let known = store::known(tx, BankAccountId(account.id), &statement.id, sequence).await?;
        is_new |= known.is_none();
        rows.push(match known {
            Some(row) if row.content == content::hash(statement) => row,
            Some(row) => return Err(other_content(&row).into()),
            None => take(tx, command, own, (message, statement), account).await?,
        });
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let counts = store::counts(tx, &ids).await?;
    let body = BankStatementsDto { statements: rows.iter().map(|row| BankStatementDto::of(row, &counts)).collect() };
    let first = ids.first().copied().unwrap_or_default();
    Ok(if is_new { Answer::created(format!("/v1/bank-statements/{first}"), body) } else { Answer::ok(body) })
}

fn other_content(known: &StatementRow) -> Refusal {
    let detail = format!("You sent a statement {} of this account with other content: {}.", known.number, known.id);
    Refusal::new(Kind::AlreadyExists, detail)
}

/// The accounts that the statements are about, held in the order of their numbers. Those that are not the organisation's are told at once.
async fn accounts(tx: &mut Connection, own: OrganisationId, message: &Message) -> Result<Vec<BankAccountRow>, Failure> {
    let mut order: Vec<usize> = (0..message.statements.len()).collect();
    order.sort_by_key(|index| message.statements[*index].account.number());
    let mut found: Vec<(usize, BankAccountRow)> = Vec::new();
    let mut missing = Vec::new();
    for index in order {
        let statement = &message.statements[index];
        let (number, currency) = (statement.account.number(), statement.currency.code());
        match bank_account::lock_by_number(tx, own, number, currency).await? {
            Some(row) => found.push((index, row)),
            None => missing.push(index),
        }
    }
    missing.sort_unstable();
    let mut faults = Faults::default();
    for index in missing {
        let place = if message.statements.len() == 1 { String::new() } else { format!("[{}]", index + 1) };
        let detail = "You have no bank account with this number in this currency.";
        faults.add(format!("/Document/BkToCstmrStmt/Stmt{place}/Acct"), "unknown_account", detail);
    }
    faults.result()?;
    found.sort_by_key(|(index, _)| *index);
    Ok(found.into_iter().map(|(_, row)| row).collect())
}

async fn take(
    tx: &mut Connection,
    command: &Command,
    own: OrganisationId,
    (message, statement): (&Message, &Statement),
    account: &BankAccountRow,
) -> Result<StatementRow, Failure> {
    let balance = |kinds: &[&str]| {
        let found = kinds.iter().find_map(|kind| statement.balances.iter().find(|one| one.kind == *kind));
        found.map(|one| one.amount.amount())
    };
    let row = StatementRow {
        id: command.id::<BankStatementId>().0,
        organisation_id: own.0,
        bank_account_id: account.id,
        message: message.id.clone(),
        number: statement.id.clone(),
        sequence: statement.sequence.clone(),
        currency: statement.currency.code().to_owned(),
        opening: balance(&["OPBD", "PRCD"]),
        closing: balance(&["CLBD"]),
        content: content::hash(statement),
        received_by: command.by.actor_id().unwrap_or_default(),
        received_at: command.at,
    };
    let mut rows = entries::rows(command, &row, statement)?;
    let references: Vec<String> = rows.iter().filter_map(|row| row.bank_reference.clone()).collect();
    entries::mark_known(&mut rows, &store::movements(tx, BankAccountId(account.id), &references).await?);
    settle(tx, command, &row, &mut rows).await?;
    store::insert(tx, &row, &rows).await?;
    let subject = Subject { kind: "bank_statement", id: row.id, version: 1 };
    let open = rows.iter().filter(|row| row.state == EntryState::Open.code()).count();
    let data = json!({"number": row.number, "entries": rows.len(), "open": open});
    command.event("bank_statement.received", subject, None, &[own.0], data);
    Ok(row)
}

/// Books what can be booked of the entries that are open.
async fn settle(
    tx: &mut Connection,
    command: &Command,
    of: &StatementRow,
    rows: &mut [EntryRow],
) -> Result<(), Failure> {
    let own = OrganisationId(of.organisation_id);
    let mut open: Vec<&mut EntryRow> = rows.iter_mut().filter(|row| row.state == EntryState::Open.code()).collect();
    if open.is_empty() {
        return Ok(());
    }
    let money: Vec<_> = open.iter().map(|row| (row.booked_on, row.amount)).collect();
    let mut before = Before::lock(tx, command, own, &of.currency, &money).await?;
    let mut invoices = invoice::lock_open_to_account(tx, own, BankAccountId(of.bank_account_id)).await?;
    let incoming = incoming(tx, &open, &invoices).await?;
    let verdicts = judge(&incoming, &claims(&invoices)?, &recorded(&before.waiting)?, &before.known);
    let mut freeing = Freeing::default();
    for (row, verdict) in open.iter_mut().zip(verdicts) {
        apply(tx, command, row, verdict, &mut before, &mut invoices, &mut freeing).await?;
    }
    freeing.tell(tx, command, own, &of.currency, &invoices).await
}

async fn apply(
    tx: &mut Connection,
    command: &Command,
    row: &mut EntryRow,
    verdict: Verdict,
    before: &mut Before,
    invoices: &mut [InvoiceRow],
    freeing: &mut Freeing,
) -> Result<(), Failure> {
    let (payer, shares, basis, left_over, confirms) = match verdict {
        Verdict::Known { payment } => {
            link(row, before.confirmed(payment)?);
            return Ok(());
        }
        Verdict::Book { payer, shares, basis, left_over, confirms } => (payer, shares, basis, left_over, confirms),
        Verdict::Open { why, candidates } => {
            why.code().clone_into(&mut row.reason);
            row.candidates = candidates.into_iter().map(|id| id.0).collect();
            return Ok(());
        }
    };
    let wanted: Vec<Allocation> =
        shares.iter().map(|share| Allocation { invoice: share.invoice, amount: share.amount }).collect();
    let held = confirms.and_then(|id| before.take_waiting(id));
    let (payment, freed) = book(tx, command, row, payer, held, (&wanted, invoices)).await?;
    freeing.add(payer, freed);
    let is_whole = left_over.amount() == Decimal::ZERO;
    let state = if is_whole { EntryState::Booked } else { EntryState::PartlyBooked };
    state.code().clone_into(&mut row.state);
    basis.code().clone_into(&mut row.reason);
    row.payment_id = Some(payment.row.id);
    Ok(())
}

/// The entries as money that came. Who paid is known where the account is that of one buyer alone.
async fn incoming(
    tx: &mut Connection,
    open: &[&mut EntryRow],
    invoices: &[InvoiceRow],
) -> Result<Vec<Incoming>, Failure> {
    let numbers: Vec<String> = open.iter().filter_map(|row| row.other_account.clone()).collect();
    let mut buyers: Vec<Uuid> = invoices.iter().map(|row| row.buyer_id).collect();
    buyers.sort_unstable();
    buyers.dedup();
    let mut holders: HashMap<String, Option<Uuid>> = HashMap::new();
    for (number, holder) in bank_account::holders(tx, &numbers, &buyers).await? {
        holders.entry(number).and_modify(|known| *known = None).or_insert(Some(holder));
    }
    let one = |row: &&mut EntryRow| {
        let payer = row.other_account.as_ref().and_then(|number| holders.get(number).copied().flatten());
        Ok(Incoming {
            amount: Money::new(row.amount, Currency::parse(&row.currency)?)?,
            payer: payer.map(OrganisationId),
            references: row.texts.clone(),
        })
    };
    open.iter().map(one).collect()
}
