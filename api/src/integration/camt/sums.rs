//! Whether a statement adds up.

use std::collections::HashSet;

use domain::kernel::Money;
use rust_decimal::Decimal;

use super::{Entry, Names, Statement, Status};
use crate::integration::xml::{Element, Reading};

/// Notes faults: `currency_mismatch` for an entry or balance in another currency than the account; `repeated` for a movement that stands
/// there twice with the same number of the bank; `sum` if opening balance and booked entries do not make the closing balance.
///
/// The opening balance is `OPBD`, or else the closing of the statement before (`PRCD`); the closing one is `CLBD`. Without both (a page of a
/// longer statement has intermediate ones, `ITBD`) nothing is compared.
pub(super) fn check(reading: &mut Reading, names: Names<'_>, at: Element<'_>, statement: &Statement) {
    // Only what was read in full can be compared with its elements.
    let entries: Vec<Element<'_>> = at.children_of(names.0, "Ntry").collect();
    if entries.len() != statement.entries.len() || at.children_of(names.0, "Bal").count() != statement.balances.len() {
        return;
    }
    let mut is_one_currency = true;
    for (entry, at) in statement.entries.iter().zip(&entries) {
        if entry.amount.currency() != statement.currency {
            is_one_currency = false;
            let detail = format!("The entry is in {}, the account in {}.", entry.amount.currency(), statement.currency);
            reading.fault(*at, "currency_mismatch", detail);
        }
    }
    for (balance, at) in statement.balances.iter().zip(at.children_of(names.0, "Bal")) {
        if balance.amount.currency() != statement.currency {
            is_one_currency = false;
            let detail =
                format!("The balance is in {}, the account in {}.", balance.amount.currency(), statement.currency);
            reading.fault(at, "currency_mismatch", detail);
        }
    }
    repeated(reading, statement, &entries);
    if is_one_currency {
        sum(reading, names, at, statement);
    }
}

fn repeated(reading: &mut Reading, statement: &Statement, elements: &[Element<'_>]) {
    let mut seen = HashSet::new();
    for (entry, at) in statement.entries.iter().zip(elements) {
        // Reversals, and the parts of a batch that is booked one by one, may bear the number of the same order.
        let key = entry.bank_reference.as_ref().map(|reference| (reference, &entry.reference, what(entry)));
        if key.is_some_and(|key| !seen.insert(key)) {
            reading.fault(*at, "repeated", "The same movement stands there twice.");
        }
    }
}

/// What else has to be equal for two entries to be one.
fn what(entry: &Entry) -> (Decimal, bool, bool, Option<domain::kernel::Date>, Vec<&str>) {
    let payments = entry.details.iter().filter_map(|one| one.references.end_to_end.as_deref());
    let is_credit = entry.direction == super::Direction::Credit;
    (entry.amount.amount(), is_credit, entry.is_reversal, entry.booked_on, payments.collect())
}

fn sum(reading: &mut Reading, names: Names<'_>, at: Element<'_>, statement: &Statement) {
    let of_kind = |kind: &str| statement.balances.iter().find(|balance| balance.kind == kind);
    let opening = of_kind("OPBD").or_else(|| of_kind("PRCD"));
    let (Some(opening), Some(closing)) = (opening, of_kind("CLBD")) else { return };
    let booked = statement.entries.iter().filter(|entry| entry.status == Status::Booked);
    let mut expected = opening.amount.amount();
    for entry in booked {
        let Some(next) = expected.checked_add(entry.direction.signed(entry.amount).amount()) else { return };
        expected = next;
    }
    if expected != closing.amount.amount() {
        let expected = Money::rounded(expected, statement.currency);
        let detail = format!(
            "Opening balance and entries make {} {}, the closing balance is {}.",
            expected.amount(),
            statement.currency,
            closing.amount.amount()
        );
        let closing = at.children_of(names.0, "Bal").zip(&statement.balances).find(|(_, one)| one.kind == "CLBD");
        reading.fault(closing.map_or(at, |(at, _)| at), "sum", detail);
    }
}
