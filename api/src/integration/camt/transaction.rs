//! The single payments of a statement.

use domain::kernel::{Date, Money};

use super::{Details, Direction, Entry, Statement, Status};

/// Money that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// The number of the entry in the statement, from 0, and of the payment in the entry.
    pub entry: usize,
    pub part: usize,
    pub amount: Money,
    pub direction: Direction,
    pub is_reversal: bool,
    pub booked_on: Option<Date>,
    /// The name and the account of the other side.
    pub other_name: Option<String>,
    pub other_account: Option<String>,
    /// The bank's number.
    pub bank_reference: Option<String>,
    /// All that may say what it is for: references of the payee and numbers of documents first, then free text, then the payer's reference.
    pub references: Vec<String>,
}

/// What was booked, payment by payment. An entry of several payments is split where each has an amount and they add up to that of the
/// entry; otherwise it stays one, with the references of all.
pub fn transactions(statement: &Statement) -> Vec<Transaction> {
    let booked = statement.entries.iter().enumerate().filter(|(_, entry)| entry.status == Status::Booked);
    booked.flat_map(|(index, entry)| of_entry(index, entry)).collect()
}

fn of_entry(index: usize, entry: &Entry) -> Vec<Transaction> {
    match parts(entry) {
        Some(parts) => {
            let parts = parts.into_iter().zip(&entry.details).enumerate();
            parts.map(|(part, (amount, details))| transaction(index, part, entry, amount, &[details])).collect()
        }
        None => vec![transaction(index, 0, entry, entry.amount, &entry.details.iter().collect::<Vec<_>>())],
    }
}

/// The amounts of the payments if they make the entry.
fn parts(entry: &Entry) -> Option<Vec<Money>> {
    if entry.details.len() < 2 {
        return None;
    }
    let same_way = |one: &Details| one.direction.is_none_or(|direction| direction == entry.direction);
    let amount =
        |one: &Details| one.amount.filter(|money| money.currency() == entry.amount.currency() && same_way(one));
    let amounts: Vec<Money> = entry.details.iter().map(amount).collect::<Option<_>>()?;
    let mut sum = rust_decimal::Decimal::ZERO;
    for one in &amounts {
        sum = sum.checked_add(one.amount())?;
    }
    (sum == entry.amount.amount()).then_some(amounts)
}

fn transaction(index: usize, part: usize, entry: &Entry, amount: Money, details: &[&Details]) -> Transaction {
    // The other side of what comes is the debtor; of a reversal, too, whoever sent it in the beginning.
    let from_debtor = (entry.direction == Direction::Credit) != entry.is_reversal;
    let others = details.iter().map(|one| if from_debtor { &one.debtor } else { &one.creditor });
    let mut others = others.filter(|one| one.name.is_some() || one.account.is_some());
    let other = if details.len() == 1 { others.next() } else { None };
    let bank = if details.len() == 1 { details[0].references.bank.clone() } else { None };
    Transaction {
        entry: index,
        part,
        amount,
        direction: entry.direction,
        is_reversal: entry.is_reversal,
        booked_on: entry.booked_on,
        other_name: other.and_then(|one| one.name.clone()),
        other_account: other.and_then(|one| one.account.clone()),
        bank_reference: bank.or_else(|| entry.bank_reference.clone()),
        references: references(entry, details),
    }
}

fn references(entry: &Entry, details: &[&Details]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for one in details {
        all.extend(one.remittance.creditor_references.iter().cloned());
        all.extend(one.remittance.documents.iter().cloned());
    }
    for one in details {
        // Lines of free text are cut at 140 characters, which may be within a number: they are read as one, too.
        all.extend((one.remittance.unstructured.len() > 1).then(|| one.remittance.unstructured.concat()));
        all.extend(one.remittance.unstructured.iter().cloned());
        all.extend(one.references.end_to_end.clone());
        all.extend(one.information.clone());
    }
    all.extend(entry.information.clone());
    all
}
