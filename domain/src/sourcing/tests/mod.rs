//! A request for rolled steel, quotes to it, and the rules that several files make together.

mod awards;
mod framework;
mod negotiation;
mod opening;
mod quotes;
mod rounds;
mod submission;
mod terms;

use chrono::{TimeDelta, TimeZone};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::*;
use crate::contract::TermsInput;
use crate::kernel::language::Texts;
use crate::kernel::{Currency, Date, Faults, OrganisationId, PersonId, Quantity, QuoteId, Timestamp, Unit};

pub const BUYER: OrganisationId = company(0);

pub const fn company(number: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(0xc0_0000 + number))
}

pub fn at(seconds: i64) -> Timestamp {
    chrono::Utc.with_ymd_and_hms(2026, 11, 24, 12, 0, 0).unwrap() + TimeDelta::seconds(seconds)
}

/// The day of [`at`] zero, and those around it.
pub fn day(number: i64) -> Date {
    at(0).date_naive() + TimeDelta::days(number)
}

pub fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub fn euro() -> Currency {
    Currency::parse("EUR").unwrap()
}

pub fn unit(code: &str) -> Unit {
    Unit::parse(code).unwrap()
}

pub fn tonnes(value: &str) -> Quantity {
    Quantity::new(dec(value), unit("TNE")).unwrap()
}

pub fn texts(text: &str) -> Texts {
    [("en".to_owned(), text.to_owned())].into()
}

pub fn line_input(name: &str, quantity: &str, unit: &str) -> LineInput {
    LineInput { names: texts(name), quantity: quantity.into(), unit: unit.into(), ..LineInput::default() }
}

/// 20 t of coil and 10 t of sheet to Hamburg, in euros or dollars, within 1000 seconds.
pub fn request_input() -> RequestInput {
    let target_price = Some("600".into());
    RequestInput {
        titles: texts("Rolled steel for the first quarter"),
        descriptions: Texts::new(),
        procedure: ProcedureInput::default(),
        lines: vec![
            LineInput { target_price, ..line_input("Hot rolled coil", "20", "TNE") },
            line_input("Galvanised sheet", "10", "TNE"),
        ],
        terms: TermsInput { incoterm: "DAP".into(), place: "Hamburg".into(), payment_days: 30, delivery_date: None },
        currencies: vec!["EUR".into(), "USD".into()],
        rates: vec![RateInput { currency: "USD".into(), rate: "0.9".into() }],
        deadlines: DeadlinesInput { questions: Some(at(500)), quotes: at(1_000), award: Some(at(2_000)), start: None },
        criteria: Vec::new(),
        framework_months: None,
        invitations: Vec::new(),
        documents: Vec::new(),
    }
}

pub fn terms(input: RequestInput) -> Terms {
    let mut faults = Faults::default();
    input.check(&Referenced::default(), "", &mut faults).unwrap_or_else(|| panic!("{faults:?}"))
}

pub fn request() -> Terms {
    terms(request_input())
}

pub fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(0x9e_0000 + number))
}

pub fn quote_id(number: u128) -> QuoteId {
    QuoteId(Uuid::from_u128(0x90_0000 + number))
}

/// What was asked for, at a price for a tonne.
pub fn offer_input(line: LineNumber, unit_price: &str) -> OfferInput {
    OfferInput {
        line,
        kind: None,
        description: None,
        unit: None,
        quantity: None,
        least_quantity: None,
        unit_price: unit_price.into(),
        tiers: Vec::new(),
        lead_time_days: 14,
        remarks: None,
        documents: Vec::new(),
    }
}

/// A quote in euros to the first version, untaxed, with these offers.
pub fn quote_input(offers: Vec<OfferInput>) -> QuoteInput {
    QuoteInput {
        version: 1,
        currency: "EUR".into(),
        valid_until: day(30),
        incoterm: None,
        place: None,
        freight: None,
        tax_rate: "0".into(),
        least_lines_percent: None,
        whole_discount_percent: None,
        remarks: None,
        technical_documents: Vec::new(),
        commercial_documents: Vec::new(),
        offers,
    }
}

/// Prices of the lines in their order, from the first one on.
pub fn quote(prices: &[&str]) -> Quote {
    let offers = (1..).zip(prices).map(|(line, price)| offer_input(line, price)).collect();
    quote_input(offers).check(&request(), 1).unwrap()
}
