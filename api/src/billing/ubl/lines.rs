//! The lines, and the tax category that they share with the tax breakdown.

use rust_decimal::Decimal;

use super::is_credit;
use super::xml::{Written, Xml};
use crate::billing::paper::{InvoicePaper, PaperLine};

/// `Discount` in UNTDID 5189.
const DISCOUNT: &str = "95";

pub fn line(xml: &mut Xml, paper: &InvoicePaper, line: &PaperLine) -> Written {
    let (name, quantity) = match is_credit(paper) {
        true => ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
        false => ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
    };
    xml.node(name, |xml| {
        xml.leaf("cbc:ID", &line.position.to_string())?;
        xml.leaf_with(quantity, Some(("unitCode", line.unit.code())), &line.quantity.normalize().to_string())?;
        xml.amount("cbc:LineExtensionAmount", line.net)?;
        discount(xml, paper, line)?;
        xml.node("cac:Item", |xml| {
            xml.leaf("cbc:Name", &line.name)?;
            xml.reference("cac:SellersItemIdentification", &line.sku)?;
            xml.node("cac:ClassifiedTaxCategory", |xml| {
                category(xml, &line.tax_category, line.tax_rate)?;
                scheme(xml, "VAT")
            })
        })?;
        xml.node("cac:Price", |xml| xml.exact("cbc:PriceAmount", line.unit_price))
    })
}

/// Quantity × price, and what of it is not in the net amount of the line: the discount, and in currencies without cents what
/// rounding took off, or, below zero, added. To two decimals in every currency, as Peppol compares to a fiftieth
/// (PEPPOL-EN16931-R120). `None` beyond the range of decimals.
pub fn allowance(line: &PaperLine) -> Option<(Decimal, Decimal)> {
    let base = line.quantity.checked_mul(line.unit_price)?.round_dp(2);
    Some((base, base.checked_sub(line.net)?))
}

/// The most by which rounding may change an amount: half a minor unit.
pub fn rounding(paper: &InvoicePaper) -> Decimal {
    Decimal::new(5, paper.currency.decimals() + 1)
}

fn discount(xml: &mut Xml, paper: &InvoicePaper, line: &PaperLine) -> Written {
    let Some((base, allowance)) = allowance(line).filter(|(_, allowance)| !allowance.is_zero()) else { return Ok(()) };
    let is_rounding = line.discount_percent.is_zero() && allowance.abs() <= rounding(paper);
    let is_charge = allowance.is_sign_negative();
    // The percentage is told only where it leads to the amount (PEPPOL-EN16931-R040).
    let by_percent = base.checked_mul(line.discount_percent).map(|share| share / Decimal::ONE_HUNDRED);
    let is_percent = !is_rounding && by_percent.is_some_and(|share| (share - allowance).abs() <= Decimal::new(2, 2));
    xml.node("cac:AllowanceCharge", |xml| {
        xml.leaf("cbc:ChargeIndicator", if is_charge { "true" } else { "false" })?;
        if !is_rounding && !is_charge {
            xml.leaf("cbc:AllowanceChargeReasonCode", DISCOUNT)?;
        }
        xml.leaf("cbc:AllowanceChargeReason", if is_rounding || is_charge { "Rounding" } else { "Discount" })?;
        if is_percent {
            xml.leaf("cbc:MultiplierFactorNumeric", &line.discount_percent.normalize().to_string())?;
        }
        xml.exact("cbc:Amount", allowance.abs())?;
        if is_percent { xml.exact("cbc:BaseAmount", base) } else { Ok(()) }
    })
}

/// Code and rate; what is not subject to VAT has no rate.
pub fn category(xml: &mut Xml, code: &str, rate: Decimal) -> Written {
    xml.leaf("cbc:ID", code)?;
    if code == "O" {
        return Ok(());
    }
    xml.leaf("cbc:Percent", &rate.normalize().to_string())
}

pub fn scheme(xml: &mut Xml, id: &str) -> Written {
    xml.node("cac:TaxScheme", |xml| xml.leaf("cbc:ID", id))
}
