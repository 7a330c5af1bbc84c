//! Names of UBL, and how its values are written.

use chrono::NaiveTime;
use domain::kernel::refusal::Fault;
use domain::kernel::{Currency, Date, Kind, Money, Refusal, Unit};
use rust_decimal::Decimal;

use crate::integration::xml::read::{decimal, unit};
use crate::integration::xml::write::{Written, Xml};
use crate::integration::xml::{Doctype, Document, Element, Limits, Name, Reading, parse};

pub const AGGREGATE: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
pub const BASIC: &str = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

/// An element with others in it.
pub fn cac(local: &str) -> Name<'_> {
    Name { namespace: AGGREGATE, local }
}

/// An element with a text.
pub fn cbc(local: &str) -> Name<'_> {
    Name { namespace: BASIC, local }
}

/// An amount of something that may be none at all, and needs no unit everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    pub value: Decimal,
    pub unit: Option<Unit>,
}

/// Reads a document of UBL 2; another document element than the one of that name is refused (`document_type`).
pub fn open<'a>(bytes: &'a [u8], limits: &Limits, name: &str) -> Result<Document<'a>, Refusal> {
    let document = parse(bytes, limits, Doctype::Refused)?;
    let namespace = format!("urn:oasis:names:specification:ubl:schema:xsd:{name}-2");
    if document.root().is(&namespace, name) {
        return Ok(document);
    }
    let detail = format!("The document is not an `{name}` of UBL 2 in its namespace.");
    let fault = Fault { pointer: document.root().path(), code: "document_type", detail: detail.clone() };
    Err(Refusal { kind: Kind::InvalidInput, detail, faults: vec![fault] })
}

/// An amount in the currency of the document. Fault `currency_mismatch` for another one.
pub fn money(reading: &mut Reading, of: Element<'_>, currency: Option<Currency>) -> Option<Money> {
    let money = reading.money(of, "currencyID")?;
    check_currency(reading, of, money.currency(), currency).then_some(money)
}

/// Notes a fault if an amount is in another currency than the document.
pub fn check_currency(reading: &mut Reading, of: Element<'_>, found: Currency, currency: Option<Currency>) -> bool {
    let Some(currency) = currency.filter(|one| *one != found) else { return true };
    reading.fault(of, "currency_mismatch", format!("The amount is in {found}, the document in {currency}."));
    false
}

/// The amount in the child of that name, if there is one.
pub fn money_in(reading: &mut Reading, of: Element<'_>, name: &str, currency: Option<Currency>) -> Option<Money> {
    let child = reading.child(of, cbc(name))?;
    money(reading, child, currency)
}

/// The measure in the child of that name, if there is one. Fault `negative` below zero.
pub fn measure_in(reading: &mut Reading, of: Element<'_>, name: &str) -> Option<Measure> {
    let child = reading.child(of, cbc(name))?;
    let unit = reading.attribute(child, "unitCode", unit);
    let value = reading.value(child, decimal)?;
    if value < Decimal::ZERO {
        reading.fault(child, "negative", "It is not negative.");
        return None;
    }
    Some(Measure { value, unit })
}

/// A text in a language, as far as that is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalText {
    /// BCP 47.
    pub language: Option<String>,
    pub text: String,
}

/// Begins a document with the namespaces of UBL; the content follows as in the style of the writer.
pub fn document(name: &str, content: impl FnOnce(&mut Xml) -> Written) -> std::io::Result<String> {
    let mut xml = Xml::new()?;
    let namespace = format!("urn:oasis:names:specification:ubl:schema:xsd:{name}-2");
    let attributes = [("xmlns", namespace.as_str()), ("xmlns:cac", AGGREGATE), ("xmlns:cbc", BASIC)];
    xml.node_with(name, &attributes, content)?;
    Ok(xml.finish())
}

/// An amount with the decimals of its currency.
pub fn amount(xml: &mut Xml, name: &str, amount: Money) -> Written {
    xml.leaf_with(name, &[("currencyID", amount.currency().code())], &amount.amount().to_string())
}

pub fn amount_given(xml: &mut Xml, name: &str, given: Option<Money>) -> Written {
    given.map_or(Ok(()), |given| amount(xml, name, given))
}

/// A price or another amount that may have more decimals than the currency.
pub fn exact(xml: &mut Xml, name: &str, amount: Decimal, currency: Currency) -> Written {
    let mut amount = amount.normalize();
    if amount.scale() < currency.decimals() {
        amount.rescale(currency.decimals());
    }
    xml.leaf_with(name, &[("currencyID", currency.code())], &amount.to_string())
}

pub fn measure(xml: &mut Xml, name: &str, measure: Measure) -> Written {
    let unit = measure.unit.map_or("", Unit::code);
    xml.leaf_with(name, &[("unitCode", unit)], &measure.value.normalize().to_string())
}

pub fn measure_given(xml: &mut Xml, name: &str, given: Option<Measure>) -> Written {
    given.map_or(Ok(()), |given| measure(xml, name, given))
}

pub fn date(xml: &mut Xml, name: &str, day: Option<Date>) -> Written {
    day.map_or(Ok(()), |day| xml.leaf(name, &day.format("%Y-%m-%d").to_string()))
}

/// A time of day in UTC.
pub fn time(xml: &mut Xml, name: &str, at: Option<NaiveTime>) -> Written {
    at.map_or(Ok(()), |at| xml.leaf(name, &at.format("%H:%M:%SZ").to_string()))
}

/// An element that holds nothing but an identifier, if there is one.
pub fn reference(xml: &mut Xml, name: &str, id: &Option<String>) -> Written {
    match id.as_deref().filter(|id| !id.trim().is_empty()) {
        Some(id) => xml.node(name, |xml| xml.leaf("cbc:ID", id)),
        None => Ok(()),
    }
}

/// `true` or `false`, if it is said.
pub fn indicator(xml: &mut Xml, name: &str, given: Option<bool>) -> Written {
    given.map_or(Ok(()), |yes| xml.leaf(name, if yes { "true" } else { "false" }))
}
