//! Entries of a statement, and the single payments that they are made of.

use domain::kernel::refusal::Invalid;
use domain::kernel::{Date, Money};
use domain::party::Iban;
use rust_decimal::Decimal;

use super::{Direction, Names, day_in, identifier};
use crate::integration::xml::read::{boolean, number};
use crate::integration::xml::{Element, Reading};

/// A movement on the account. It may stand for many payments that the bank booked as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The bank's number within the statement: `NtryRef`.
    pub reference: Option<String>,
    /// Not below zero.
    pub amount: Money,
    /// Which way it goes, also where it takes back what went the other way before.
    pub direction: Direction,
    /// Whether it takes back an earlier entry.
    pub is_reversal: bool,
    pub status: Status,
    pub booked_on: Option<Date>,
    /// From when it bears interest.
    pub value_on: Option<Date>,
    /// The bank's number of the movement: `AcctSvcrRef`. The same one twice is the same movement; `NONREF` and `NOTPROVIDED` are none.
    pub bank_reference: Option<String>,
    /// What kind of movement it is, as domain, family and subfamily, or in the bank's own code.
    pub code: Option<String>,
    /// How many payments the bank says it stands for.
    pub batch_size: Option<u64>,
    pub details: Vec<Details>,
    /// What the bank says about it.
    pub information: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// `BOOK`: it is in the balance.
    Booked,
    /// `PDNG`: it may come or not.
    Pending,
    /// `INFO` and `FUTR`: it is told of only.
    Information,
}

/// One payment of an entry: `TxDtls`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    pub references: References,
    /// In the currency of the account, if the bank tells it; not below zero.
    pub amount: Option<Money>,
    pub direction: Option<Direction>,
    pub debtor: Party,
    pub creditor: Party,
    pub remittance: Remittance,
    pub information: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    /// What the payer gave to the payment. `NOTPROVIDED` is none.
    pub end_to_end: Option<String>,
    pub bank: Option<String>,
    pub transaction: Option<String>,
    pub mandate: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    pub name: Option<String>,
    /// The account, as it was sent: an IBAN whose check digits are right without spaces, or another number.
    pub account: Option<String>,
}

/// What the payment is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remittance {
    pub unstructured: Vec<String>,
    /// References of the payee (ISO 11649 or national ones).
    pub creditor_references: Vec<String>,
    /// Numbers of documents, such as invoices.
    pub documents: Vec<String>,
}

impl Status {
    /// Fault `code`.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "BOOK" => Ok(Self::Booked),
            "PDNG" => Ok(Self::Pending),
            "INFO" | "FUTR" => Ok(Self::Information),
            _ => Err(Invalid::new("code", format!("`{code}` is none of BOOK, PDNG, INFO and FUTR."))),
        }
    }
}

pub(super) fn read(reading: &mut Reading, names: Names<'_>, at: Element<'_>) -> Option<Entry> {
    let amount = reading.needed_child(at, names.of("Amt")).and_then(|amount| positive(reading, amount));
    let direction = reading.needed_field(at, names.of("CdtDbtInd"), Direction::parse);
    let status = reading.needed_child(at, names.of("Sts")).and_then(|status| read_status(reading, names, status));
    let booked = reading.child(at, names.of("BookgDt"));
    let value = reading.child(at, names.of("ValDt"));
    let booked_on = booked.and_then(|day| day_in(reading, names, day));
    let value_on = value.and_then(|day| day_in(reading, names, day));
    let (mut details, mut batch_size) = (Vec::new(), None);
    for group in at.children_of(names.0, "NtryDtls") {
        if let Some(batch) = reading.child(group, names.of("Btch")) {
            batch_size = reading.field(batch, names.of("NbOfTxs"), number).or(batch_size);
        }
        details.extend(group.children_of(names.0, "TxDtls").map(|one| read_details(reading, names, one)));
    }
    Some(Entry {
        reference: reading.text(at, names.of("NtryRef")),
        is_reversal: reading.field(at, names.of("RvslInd"), boolean).unwrap_or(false),
        booked_on,
        value_on,
        bank_reference: reading.field(at, names.of("AcctSvcrRef"), identifier).filter(|text| is_given(text)),
        code: code(reading, names, at),
        batch_size,
        details,
        information: reading.text(at, names.of("AddtlNtryInf")),
        amount: amount?,
        direction: direction?,
        status: status?,
    })
}

/// An amount of the type `ActiveOrHistoricCurrencyAndAmount`. Fault `negative` below zero: the direction tells the sign.
fn positive(reading: &mut Reading, at: Element<'_>) -> Option<Money> {
    let money = reading.money(at, "Ccy")?;
    if money.amount() < Decimal::ZERO {
        reading.fault(at, "negative", "An amount is not negative; its direction is told beside it.");
        return None;
    }
    Some(money)
}

/// The code itself, or within `Cd` since `.001.08`. A status of the bank's own (`Prtry`) is taken as information.
fn read_status(reading: &mut Reading, names: Names<'_>, at: Element<'_>) -> Option<Status> {
    if let Some(code) = reading.child(at, names.of("Cd")) {
        return reading.value(code, Status::parse);
    }
    match reading.child(at, names.of("Prtry")) {
        Some(_) => Some(Status::Information),
        None => reading.value(at, Status::parse),
    }
}

fn code(reading: &mut Reading, names: Names<'_>, at: Element<'_>) -> Option<String> {
    let code = reading.child(at, names.of("BkTxCd"))?;
    if let Some(domain) = reading.child(code, names.of("Domn")) {
        let family = reading.child(domain, names.of("Fmly"));
        let parts = [
            reading.text(domain, names.of("Cd")),
            family.and_then(|family| reading.text(family, names.of("Cd"))),
            family.and_then(|family| reading.text(family, names.of("SubFmlyCd"))),
        ];
        return Some(parts.into_iter().flatten().collect::<Vec<_>>().join("-")).filter(|code| !code.is_empty());
    }
    let own = reading.child(code, names.of("Prtry"))?;
    reading.text(own, names.of("Cd"))
}

fn read_details(reading: &mut Reading, names: Names<'_>, at: Element<'_>) -> Details {
    let references = reading.child(at, names.of("Refs"));
    let parties = reading.child(at, names.of("RltdPties"));
    let party = |reading: &mut Reading, role: &str, account: &str| {
        parties.map(|parties| read_party(reading, names, parties, role, account)).unwrap_or_default()
    };
    Details {
        references: references.map(|one| read_references(reading, names, one)).unwrap_or_default(),
        amount: read_amount(reading, names, at),
        direction: reading.field(at, names.of("CdtDbtInd"), Direction::parse),
        debtor: party(reading, "Dbtr", "DbtrAcct"),
        creditor: party(reading, "Cdtr", "CdtrAcct"),
        remittance: read_remittance(reading, names, at),
        information: reading.text(at, names.of("AddtlTxInf")),
    }
}

/// `Amt` since `.001.03`; before that within `AmtDtls/TxAmt`.
fn read_amount(reading: &mut Reading, names: Names<'_>, at: Element<'_>) -> Option<Money> {
    if let Some(amount) = reading.child(at, names.of("Amt")) {
        return positive(reading, amount);
    }
    let all = reading.child(at, names.of("AmtDtls"))?;
    let of_transaction = reading.child(all, names.of("TxAmt"))?;
    let amount = reading.needed_child(of_transaction, names.of("Amt"))?;
    positive(reading, amount)
}

/// Banks write these words where there is no reference.
fn is_given(reference: &str) -> bool {
    !matches!(reference, "NOTPROVIDED" | "NONREF")
}

fn read_references(reading: &mut Reading, names: Names<'_>, at: Element<'_>) -> References {
    References {
        end_to_end: reading.text(at, names.of("EndToEndId")).filter(|text| is_given(text)),
        bank: reading.field(at, names.of("AcctSvcrRef"), identifier).filter(|text| is_given(text)),
        transaction: reading.text(at, names.of("TxId")).filter(|text| is_given(text)),
        mandate: reading.text(at, names.of("MndtId")).filter(|text| is_given(text)),
    }
}

/// Name and account; the name is within `Pty` since `.001.08`.
fn read_party(reading: &mut Reading, names: Names<'_>, of: Element<'_>, role: &str, account: &str) -> Party {
    let party = reading.child(of, names.of(role));
    let party = party.map(|party| reading.child(party, names.of("Pty")).unwrap_or(party));
    let account = reading.child(of, names.of(account));
    let id = account.and_then(|account| reading.child(account, names.of("Id")));
    let number = id.and_then(|id| match reading.child(id, names.of("IBAN")) {
        // The account of others: what is wrong with it is no reason to refuse our statement.
        Some(iban) => {
            Some(Iban::parse(iban.text()).map_or_else(|_| iban.text().to_owned(), |iban| iban.as_str().to_owned()))
        }
        None => reading.child(id, names.of("Othr")).and_then(|other| reading.text(other, names.of("Id"))),
    });
    Party { name: party.and_then(|party| reading.text(party, names.of("Nm"))), account: number }
}

fn read_remittance(reading: &mut Reading, names: Names<'_>, at: Element<'_>) -> Remittance {
    let mut read = Remittance::default();
    let Some(remittance) = reading.child(at, names.of("RmtInf")) else { return read };
    read.unstructured = reading.texts(remittance, names.of("Ustrd"));
    for structured in remittance.children_of(names.0, "Strd") {
        for one in structured.children_of(names.0, "CdtrRefInf") {
            read.creditor_references.extend(reading.text(one, names.of("Ref")));
        }
        for one in structured.children_of(names.0, "RfrdDocInf") {
            read.documents.extend(reading.text(one, names.of("Nb")));
        }
    }
    read
}
