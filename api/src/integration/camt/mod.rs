//! Bank statements: camt.053 (Bank to Customer Statement) of ISO 20022, in its versions from `.001.02` to `.001.13`.
//!
//! The versions differ in namespaces and in few elements: since `.001.08` a status is a code within `Sts`, and a party is within `Pty`. Both
//! forms are read in any version. Faults, beside those of [`super::xml`]: `document_type` (no statement, or of an unknown version), `sum` (the
//! entries do not lead from the opening to the closing balance), `currency_mismatch`, `repeated`, `code`, `negative`, `too_long` (a
//! number of the bank has more than 140 characters), and those of the kernel's values, such as `check_digit` of an IBAN (ISO 13616, MOD 97-10).

mod entry;
mod sums;
mod transaction;

use std::collections::HashSet;

use domain::kernel::refusal::Invalid;
use domain::kernel::{Currency, Date, Money, Refusal, Timestamp};
use domain::party::Iban;

pub use entry::{Details, Entry, Party, References, Remittance, Status};
pub use transaction::{Transaction, transactions};

use super::xml::read::{date, timestamp};
use super::xml::{Doctype, Element, Limits, Name, Reading, parse};

const FAMILY: &str = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.";
/// The most recent version of the message that is known.
const LAST_VERSION: u8 = 13;
/// The longest number that a bank gives, in characters. ISO 20022 has 35 for most; some banks write more.
const LONGEST_IDENTIFIER: usize = 140;

/// A message with the statements of one or more accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The bank's number of the message.
    pub id: String,
    pub created_at: Timestamp,
    pub statements: Vec<Statement>,
}

/// What happened on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub id: String,
    /// The number by which none is missed.
    pub sequence: Option<String>,
    pub account: Account,
    pub currency: Currency,
    pub balances: Vec<Balance>,
    pub entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    Iban(Iban),
    /// A number of a country that has no IBAN, as the bank writes it.
    Other(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// ISO 20022 `BalanceType12Code`, such as `OPBD` (opening, booked), `PRCD` (closing of the statement before) and `CLBD` (closing, booked).
    pub kind: String,
    /// Below zero if the account is overdrawn.
    pub amount: Money,
    pub on: Date,
}

/// Which way money goes: `CdtDbtInd`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the account.
    Credit,
    /// From it.
    Debit,
}

impl Account {
    pub fn number(&self) -> &str {
        match self {
            Self::Iban(iban) => iban.as_str(),
            Self::Other(number) => number,
        }
    }
}

impl Direction {
    /// Fault `code`.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "CRDT" => Ok(Self::Credit),
            "DBIT" => Ok(Self::Debit),
            _ => Err(Invalid::new("code", format!("`{code}` is neither CRDT nor DBIT."))),
        }
    }

    /// The amount as it changes the balance.
    pub fn signed(self, amount: Money) -> Money {
        match self {
            Self::Credit => amount,
            Self::Debit => Money::rounded(-amount.amount(), amount.currency()),
        }
    }
}

/// An element of the message's version.
#[derive(Clone, Copy)]
struct Names<'n>(&'n str);

impl<'n> Names<'n> {
    fn of(self, local: &'n str) -> Name<'n> {
        Name { namespace: self.0, local }
    }
}

/// Reads a message; refused with all faults.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Message, Refusal> {
    let document = parse(bytes, limits, Doctype::Refused)?;
    let mut reading = Reading::default();
    let message = message(&mut reading, document.root());
    reading.finish(message)
}

fn message(reading: &mut Reading, root: Element<'_>) -> Option<Message> {
    let version = root.namespace().strip_prefix(FAMILY).filter(|version| version.len() == 2);
    let is_known =
        version.and_then(|version| version.parse().ok()).is_some_and(|n: u8| (2..=LAST_VERSION).contains(&n));
    if root.name() != "Document" || !is_known {
        reading.fault(root, "document_type", "The document is no statement (camt.053) of a version that is known.");
        return None;
    }
    let names = Names(root.namespace());
    let body = reading.needed_child(root, names.of("BkToCstmrStmt"))?;
    let header = reading.needed_child(body, names.of("GrpHdr"));
    let id = header.and_then(|header| reading.needed_field(header, names.of("MsgId"), identifier));
    let created_at = header.and_then(|header| reading.needed_field(header, names.of("CreDtTm"), timestamp));
    let (mut statements, mut seen) = (Vec::new(), HashSet::new());
    for at in body.children_of(names.0, "Stmt") {
        let Some(one) = statement(reading, names, at) else { continue };
        if !seen.insert((one.id.clone(), one.account.number().to_owned())) {
            reading.fault(at, "repeated", "Another statement of the account has this number.");
        }
        statements.push(one);
    }
    if body.children_of(names.0, "Stmt").next().is_none() {
        reading.needed_child(body, names.of("Stmt"));
    }
    Some(Message { id: id?, created_at: created_at?, statements })
}

fn statement(reading: &mut Reading, names: Names<'_>, at: Element<'_>) -> Option<Statement> {
    let id = reading.needed_field(at, names.of("Id"), identifier);
    let holder = reading.needed_child(at, names.of("Acct"));
    let account = holder.and_then(|holder| account(reading, names, holder));
    let stated = holder.and_then(|holder| reading.field(holder, names.of("Ccy"), Currency::parse));
    let balances = balances(reading, names, at);
    let entries: Vec<Entry> =
        at.children_of(names.0, "Ntry").filter_map(|one| entry::read(reading, names, one)).collect();
    // Where the account does not say its currency, the balances do.
    let currency = stated.or_else(|| balances.first().map(|one| one.amount.currency()));
    let currency = currency.or_else(|| entries.first().map(|one| one.amount.currency()));
    if currency.is_none() && !reading.has_faults() {
        reading.fault(at, "required", "The currency of the account is not said.");
    }
    let sequence = reading.field(at, names.of("ElctrncSeqNb"), identifier);
    let statement = Statement { id: id?, sequence, account: account?, currency: currency?, balances, entries };
    sums::check(reading, names, at, &statement);
    Some(statement)
}

/// The number of the account. Faults of an IBAN: `country`, `format`, `check_digit`.
fn account(reading: &mut Reading, names: Names<'_>, holder: Element<'_>) -> Option<Account> {
    let id = reading.needed_child(holder, names.of("Id"))?;
    if let Some(iban) = reading.child(id, names.of("IBAN")) {
        return reading.value(iban, Iban::parse).map(Account::Iban);
    }
    let other = reading.needed_child(id, names.of("Othr"))?;
    reading.needed_text(other, names.of("Id")).map(Account::Other)
}

fn balances(reading: &mut Reading, names: Names<'_>, of: Element<'_>) -> Vec<Balance> {
    let mut all = Vec::new();
    for at in of.children_of(names.0, "Bal") {
        let kind = reading.child(at, names.of("Tp")).and_then(|kind| reading.child(kind, names.of("CdOrPrtry")));
        let kind =
            kind.and_then(|kind| reading.text(kind, names.of("Cd")).or_else(|| reading.text(kind, names.of("Prtry"))));
        let amount = reading.needed_child(at, names.of("Amt")).and_then(|amount| reading.money(amount, "Ccy"));
        let direction = reading.needed_field(at, names.of("CdtDbtInd"), Direction::parse);
        let on = reading.needed_child(at, names.of("Dt")).and_then(|day| day_in(reading, names, day));
        if let (Some(amount), Some(direction), Some(on)) = (amount, direction, on) {
            all.push(Balance { kind: kind.unwrap_or_default(), amount: direction.signed(amount), on });
        }
    }
    all
}

/// A number that the bank gives to a message, a statement or a movement. Fault `too_long`.
fn identifier(text: &str) -> Result<String, Invalid> {
    if text.chars().nth(LONGEST_IDENTIFIER).is_some() {
        let detail = format!("A number of the bank has at most {LONGEST_IDENTIFIER} characters.");
        return Err(Invalid::new("too_long", detail));
    }
    Ok(text.to_owned())
}

/// A day that is given alone (`Dt`) or with a time (`DtTm`).
fn day_in(reading: &mut Reading, names: Names<'_>, of: Element<'_>) -> Option<Date> {
    match reading.field(of, names.of("Dt"), date) {
        Some(day) => Some(day),
        None => match reading.child(of, names.of("DtTm")) {
            Some(instant) => reading.value(instant, date),
            None => {
                reading.needed_child(of, names.of("Dt"));
                None
            }
        },
    }
}

#[cfg(test)]
mod tests;
