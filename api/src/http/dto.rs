//! How values that every feature knows look in JSON.

use chrono::SecondsFormat;
use domain::kernel::money::parse_decimal;
use domain::kernel::refusal::Invalid;
use domain::kernel::{Currency, Faults, Findings, Kind, Money, Quantity, Timestamp, Unit, UnitPrice};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

/// An amount of money: a decimal string with at most the decimals of the currency, and an ISO 4217 code.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Money, example = json!({"amount": "1234.50", "currency": "EUR"}))]
pub struct MoneyDto {
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub amount: String,
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

impl MoneyDto {
    pub fn of(amount: Decimal, currency: &str) -> Self {
        let amount = Currency::parse(currency).map_or(amount, |known| Money::rounded(amount, known).amount());
        Self { amount: amount.to_string(), currency: currency.to_owned() }
    }

    /// A price may have more decimals than the currency: it keeps those it was given.
    pub fn price(amount: Decimal, currency: &str) -> Self {
        let least = Currency::parse(currency).map_or(2, Currency::decimals);
        let mut shown = amount.normalize();
        if shown.scale() < least {
            shown.rescale(least);
        }
        Self { amount: shown.to_string(), currency: currency.to_owned() }
    }

    pub fn parse(&self) -> Result<Money, Invalid> {
        Money::new(parse_decimal(&self.amount)?, Currency::parse(&self.currency)?)
    }

    pub fn parse_price(&self) -> Result<UnitPrice, Invalid> {
        UnitPrice::stated(parse_decimal(&self.amount)?, Currency::parse(&self.currency)?)
    }
}

impl From<Money> for MoneyDto {
    fn from(money: Money) -> Self {
        Self { amount: money.amount().to_string(), currency: money.currency().code().to_owned() }
    }
}

/// How much of something: a decimal string with at most six decimals, and a unit code of UN/ECE Rec 20.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Quantity, example = json!({"value": "12.5", "unit": "TNE"}))]
pub struct QuantityDto {
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub value: String,
    #[schema(min_length = 2, max_length = 3)]
    pub unit: String,
}

impl QuantityDto {
    pub fn of(value: Decimal, unit: &str) -> Self {
        Self { value: value.normalize().to_string(), unit: unit.to_owned() }
    }

    pub fn parse(&self) -> Result<Quantity, Invalid> {
        Quantity::new(parse_decimal(&self.value)?, Unit::parse(&self.unit)?)
    }

    /// The bare value, where the unit must be that of a known thing; the rule decides whether it may be zero. Without a
    /// known thing the unit is not looked at.
    pub fn value_in(&self, unit: Option<&str>, pointer: &str, findings: &mut Findings) -> Option<Decimal> {
        if let Some(unit) = unit
            && unit != self.unit
        {
            let detail = format!("The quantity is in {unit}.");
            findings.add(Kind::UnitMismatch, format!("{pointer}/unit"), "unit_mismatch", detail);
            return None;
        }
        findings.keep(format!("{pointer}/value"), parse_decimal(&self.value))
    }
}

/// An instant, written with microseconds: `2026-11-23T08:00:00.000000Z` (RFC 3339).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-23T08:00:00.000000Z")]
pub struct Time(pub Timestamp);

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

/// Reads a plain decimal string at a place of the body.
pub fn decimal_at(faults: &mut Faults, pointer: &str, text: &str) -> Option<Decimal> {
    faults.keep(pointer, parse_decimal(text))
}
