//! Prices, and what is taken off or added.

use domain::kernel::refusal::Invalid;
use domain::kernel::{Currency, Money, Unit, UnitPrice};
use rust_decimal::Decimal;

use super::item::{TaxCategory, write_tax};
use super::names::{
    AGGREGATE, BASIC, Measure, amount, amount_given, cac, cbc, check_currency, exact, indicator, measure_given,
    measure_in, money_in,
};
use crate::integration::xml::read::{boolean, decimal};
use crate::integration::xml::write::{Written, Xml};
use crate::integration::xml::{Element, Reading};

/// So much for so much of the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    pub amount: Decimal,
    pub currency: Currency,
    /// What it is the price of; one of the line's unit if it is not said. A base without a unit is in that of the line.
    pub base: Option<Measure>,
}

impl Price {
    /// The price of one of the unit. Nothing is rounded: fault `inexact` if it would have more than twelve decimals, `unit_mismatch` if
    /// the base is in a unit that does not convert, and those of [`UnitPrice::new`].
    pub fn of_one(&self, unit: Unit) -> Result<UnitPrice, Invalid> {
        let inexact =
            || Invalid::new("inexact", "The price of one unit is not a decimal number of at most 12 decimals.");
        let Some(base) = self.base else { return UnitPrice::new(self.amount, self.currency) };
        let ratio = base.unit.unwrap_or(unit).ratio_to(unit);
        let ratio = ratio.ok_or_else(|| Invalid::new("unit_mismatch", format!("The price is not for {unit}.")))?;
        let base = ratio.apply(base.value).filter(|base| *base > Decimal::ZERO).ok_or_else(inexact)?;
        let one = self.amount.checked_div(base).ok_or_else(inexact)?.normalize();
        if one.scale() > 12 || one.checked_mul(base) != Some(self.amount) {
            return Err(inexact());
        }
        UnitPrice::new(one, self.currency)
    }
}

/// Something taken off (an allowance) or added (a charge).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    pub is_charge: bool,
    /// UNTDID 5189 for allowances, 7161 for charges.
    pub reason_code: Option<String>,
    pub reason: Option<String>,
    /// In percent of the base.
    pub percent: Option<Decimal>,
    pub amount: Money,
    pub base: Option<Money>,
    pub tax: Option<TaxCategory>,
}

/// The price in the line, if there is one. Faults `negative`, `currency_mismatch`, `not_positive` (a base of nothing).
pub fn read(reading: &mut Reading, of: Element<'_>, currency: Option<Currency>) -> Option<Price> {
    let price = reading.child(of, cac("Price"))?;
    let base = measure_in(reading, price, "BaseQuantity");
    if let (Some(base), Some(at)) = (base, price.children_of(BASIC, "BaseQuantity").next())
        && base.value.is_zero()
    {
        reading.fault(at, "not_positive", "A price is for more than nothing.");
    }
    let amount = reading.needed_child(price, cbc("PriceAmount"))?;
    let (value, found) = reading.amount(amount, "currencyID")?;
    if value < Decimal::ZERO {
        reading.fault(amount, "negative", "A price is not negative.");
        return None;
    }
    check_currency(reading, amount, found, currency).then_some(Price { amount: value, currency: found, base })
}

/// All allowances and charges in the element.
pub fn read_allowances(reading: &mut Reading, of: Element<'_>, currency: Option<Currency>) -> Vec<Allowance> {
    let all = of.children_of(AGGREGATE, "AllowanceCharge");
    all.filter_map(|one| read_allowance(reading, one, currency)).collect()
}

fn read_allowance(reading: &mut Reading, one: Element<'_>, currency: Option<Currency>) -> Option<Allowance> {
    let is_charge = reading.needed_field(one, cbc("ChargeIndicator"), boolean);
    let category = one.children_of(AGGREGATE, "TaxCategory").next();
    let tax = category.and_then(|category| {
        let code = reading.needed_text(category, cbc("ID"))?;
        Some(TaxCategory { code, rate: reading.field(category, cbc("Percent"), decimal) })
    });
    let needed = reading.needed_child(one, cbc("Amount"));
    let amount = needed.and_then(|amount| super::names::money(reading, amount, currency));
    let texts = reading.texts(one, cbc("AllowanceChargeReason"));
    Some(Allowance {
        is_charge: is_charge?,
        reason_code: reading.text(one, cbc("AllowanceChargeReasonCode")),
        reason: (!texts.is_empty()).then(|| texts.join("\n")),
        percent: reading.field(one, cbc("MultiplierFactorNumeric"), decimal),
        amount: amount?,
        base: money_in(reading, one, "BaseAmount", currency),
        tax,
    })
}

pub fn write(xml: &mut Xml, price: &Option<Price>) -> Written {
    let Some(price) = price else { return Ok(()) };
    xml.node("cac:Price", |xml| {
        exact(xml, "cbc:PriceAmount", price.amount, price.currency)?;
        measure_given(xml, "cbc:BaseQuantity", price.base)
    })
}

pub fn write_allowances(xml: &mut Xml, all: &[Allowance]) -> Written {
    all.iter().try_for_each(|one| {
        xml.node("cac:AllowanceCharge", |xml| {
            indicator(xml, "cbc:ChargeIndicator", Some(one.is_charge))?;
            xml.given("cbc:AllowanceChargeReasonCode", &one.reason_code)?;
            xml.given("cbc:AllowanceChargeReason", &one.reason)?;
            if let Some(percent) = one.percent {
                xml.leaf("cbc:MultiplierFactorNumeric", &percent.normalize().to_string())?;
            }
            amount(xml, "cbc:Amount", one.amount)?;
            amount_given(xml, "cbc:BaseAmount", one.base)?;
            one.tax.as_ref().map_or(Ok(()), |tax| write_tax(xml, "cac:TaxCategory", tax))
        })
    })
}
