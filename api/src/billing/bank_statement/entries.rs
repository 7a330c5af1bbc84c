//! From what a bank writes to the entries that are kept.

use std::collections::HashSet;

use domain::billing::bank_statement::EntryState;
use domain::kernel::BankStatementEntryId;
use infra::Failure;
use infra::billing::bank_statement::{EntryRow, Movement, StatementRow};
use rust_decimal::Decimal;

use crate::command::Command;
use crate::integration::camt::{Direction, Entry, Statement, Status, Transaction, transactions};

/// The entries of a statement in its order. Those that may be payments are open, and nobody has looked yet what they are for.
pub fn rows(command: &Command, of: &StatementRow, statement: &Statement) -> Result<Vec<EntryRow>, Failure> {
    let booked = transactions(statement);
    let mut rows = Vec::new();
    for (index, entry) in statement.entries.iter().enumerate() {
        match entry.status {
            Status::Booked => {
                for one in booked.iter().filter(|one| one.entry == index) {
                    rows.push(row(command, of, one)?);
                }
            }
            Status::Pending => rows.push(unbooked(command, of, (index, entry), "pending")?),
            Status::Information => rows.push(unbooked(command, of, (index, entry), "information")?),
        }
    }
    Ok(rows)
}

/// Notes which of them stand in other statements.
pub fn mark_known(rows: &mut [EntryRow], movements: &HashSet<Movement>) {
    for row in rows.iter_mut().filter(|row| row.state == EntryState::Open.code()) {
        let Some(reference) = row.bank_reference.clone() else { continue };
        if movements.contains(&(reference, row.is_credit, row.is_reversal, row.amount, row.booked_on)) {
            EntryState::Known.code().clone_into(&mut row.state);
            "known".clone_into(&mut row.reason);
        }
    }
}

fn row(command: &Command, of: &StatementRow, one: &Transaction) -> Result<EntryRow, Failure> {
    let is_credit = one.direction == Direction::Credit;
    let (state, reason) = match (one.is_reversal, is_credit) {
        (true, _) => (EntryState::Ignored, "reversal"),
        (_, false) => (EntryState::Ignored, "debit"),
        _ if one.amount.amount() <= Decimal::ZERO => (EntryState::Ignored, "nothing_paid"),
        _ => (EntryState::Open, "nothing_named"),
    };
    Ok(EntryRow {
        part: number(one.part)?,
        booked_on: one.booked_on,
        other_name: one.other_name.clone(),
        other_account: one.other_account.clone(),
        bank_reference: one.bank_reference.clone(),
        texts: one.references.clone(),
        ..empty(command, of, one.entry, (one.amount.amount(), is_credit, one.is_reversal), (state, reason))?
    })
}

fn unbooked(
    command: &Command,
    of: &StatementRow,
    (index, entry): (usize, &Entry),
    reason: &'static str,
) -> Result<EntryRow, Failure> {
    let movement = (entry.amount.amount(), entry.direction == Direction::Credit, entry.is_reversal);
    Ok(EntryRow {
        bank_reference: entry.bank_reference.clone(),
        texts: entry.information.iter().cloned().collect(),
        ..empty(command, of, index, movement, (EntryState::Ignored, reason))?
    })
}

fn empty(
    command: &Command,
    of: &StatementRow,
    index: usize,
    (amount, is_credit, is_reversal): (Decimal, bool, bool),
    (state, reason): (EntryState, &str),
) -> Result<EntryRow, Failure> {
    Ok(EntryRow {
        id: command.id::<BankStatementEntryId>().0,
        statement_id: of.id,
        organisation_id: of.organisation_id,
        bank_account_id: of.bank_account_id,
        position: number(index)?,
        part: 1,
        amount,
        currency: of.currency.clone(),
        is_credit,
        is_reversal,
        booked_on: None,
        other_name: None,
        other_account: None,
        bank_reference: None,
        texts: Vec::new(),
        state: state.code().to_owned(),
        reason: reason.to_owned(),
        candidates: Vec::new(),
        payment_id: None,
        version: 1,
    })
}

/// People count from 1.
fn number(index: usize) -> Result<i32, Failure> {
    i32::try_from(index + 1).map_err(Failure::broken)
}
