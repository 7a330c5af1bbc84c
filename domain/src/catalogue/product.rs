//! What a seller states about a product, and the checks of it.

use rust_decimal::Decimal;

use super::gtin::Gtin;
use super::tax::{Tax, TaxCategory};
use crate::kernel::language::{Texts, check_texts};
use crate::kernel::quantity::check_quantity;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Faults, Refusal, Unit};

const LONGEST_SKU: usize = 64;
const LONGEST_NAME: usize = 200;
const LONGEST_DESCRIPTION: usize = 10_000;
/// Names and descriptions in all languages together: what is searched by has bounds of its own.
const LONGEST_IN_ALL: usize = 100_000;
const LONGEST_LEAD_TIME: i32 = 3650;

/// A product as it is sent in. The names of the fields are those of the body, and so of the pointers of its faults;
/// category and rate of the tax stand under `/tax`.
#[derive(Debug, Clone)]
pub struct ProductInput {
    pub sku: String,
    pub gtin: Option<String>,
    pub names: Texts,
    pub descriptions: Texts,
    /// The base unit: prices, stock and orders are counted in it.
    pub unit: String,
    pub minimum_order: Decimal,
    pub order_multiple: Decimal,
    pub lead_time_days: i32,
    pub tax_category: String,
    pub tax_rate: Decimal,
}

/// A product that passed the checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub sku: String,
    pub gtin: Option<Gtin>,
    pub names: Texts,
    pub descriptions: Texts,
    pub unit: Unit,
    /// The smallest quantity of one order line.
    pub minimum_order: Decimal,
    /// Quantities of an order line are whole multiples of it.
    pub order_multiple: Decimal,
    pub lead_time_days: i32,
    pub tax: Tax,
}

impl ProductInput {
    /// Refuses with all faults that are in the input.
    pub fn check(self) -> Result<Product, Refusal> {
        let mut faults = Faults::default();
        faults.keep("/sku", check_sku(&self.sku));
        let gtin = faults.keep("/gtin", self.gtin.as_deref().map(Gtin::parse).transpose());
        faults.keep("/name", check_texts(&self.names, LONGEST_NAME));
        if !self.descriptions.is_empty() {
            faults.keep("/description", check_texts(&self.descriptions, LONGEST_DESCRIPTION));
        }
        let texts = self.names.values().chain(self.descriptions.values());
        if texts.map(|text| text.chars().count()).sum::<usize>() > LONGEST_IN_ALL {
            let detail = format!("Names and descriptions have at most {LONGEST_IN_ALL} characters in all.");
            faults.add("/description", "too_long", detail);
        }
        let unit = faults.keep("/base_unit", Unit::parse(&self.unit));
        faults.keep("/minimum_order", check_positive(self.minimum_order));
        faults.keep("/order_multiple", check_positive(self.order_multiple));
        if !(0..=LONGEST_LEAD_TIME).contains(&self.lead_time_days) {
            faults.add("/lead_time_days", "out_of_range", format!("A lead time is 0 to {LONGEST_LEAD_TIME} days."));
        }
        let category = faults.keep("/tax/category", TaxCategory::parse(&self.tax_category));
        let tax = category.and_then(|category| faults.keep("/tax/rate", Tax::new(category, self.tax_rate)));
        match (gtin, unit, tax) {
            (Some(gtin), Some(unit), Some(tax)) if faults.0.is_empty() => Ok(self.checked(gtin, unit, tax)),
            _ => Err(Refusal::invalid(faults.0)),
        }
    }

    fn checked(self, gtin: Option<Gtin>, unit: Unit, tax: Tax) -> Product {
        Product {
            sku: self.sku,
            gtin,
            names: self.names,
            descriptions: self.descriptions,
            unit,
            minimum_order: self.minimum_order,
            order_multiple: self.order_multiple,
            lead_time_days: self.lead_time_days,
            tax,
        }
    }
}

/// Checks a stock keeping unit: 1 to 64 characters that can be seen, so that two numbers that look alike are alike.
pub fn check_sku(sku: &str) -> Result<(), Invalid> {
    let length = sku.chars().count();
    if length == 0 {
        return Err(Invalid::new("required", "A product has a stock keeping unit."));
    }
    if length > LONGEST_SKU {
        return Err(Invalid::new("too_long", format!("A stock keeping unit has at most {LONGEST_SKU} characters.")));
    }
    if !sku.chars().all(is_visible) {
        return Err(Invalid::new("not_visible", "A stock keeping unit has no spaces or invisible characters."));
    }
    Ok(())
}

/// Refuses another base unit than the product has.
pub fn check_unit_kept(before: &str, now: Unit) -> Result<(), Invalid> {
    if now.code() == before {
        return Ok(());
    }
    let detail = "Prices, stock and contracts are counted in the base unit: make another product.";
    Err(Invalid::new("fixed", detail))
}

/// Neither space nor control character, nor one that shows nothing: soft hyphen, zero width, direction marks.
fn is_visible(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        && !matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

fn check_positive(value: Decimal) -> Result<Decimal, Invalid> {
    check_quantity(value)?;
    if value.is_zero() {
        return Err(Invalid::new("not_positive", "It is more than zero."));
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> ProductInput {
        ProductInput {
            sku: "АРМ-12/А500С".into(),
            gtin: Some("4006381333931".into()),
            names: [("en".to_owned(), "Rebar 12 mm".to_owned())].into(),
            descriptions: Texts::new(),
            unit: "TNE".into(),
            minimum_order: "0.5".parse().unwrap(),
            order_multiple: "0.1".parse().unwrap(),
            lead_time_days: 14,
            tax_category: "S".into(),
            tax_rate: Decimal::from(20),
        }
    }

    fn faults(input: ProductInput) -> Vec<(String, &'static str)> {
        input.check().unwrap_err().faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    }

    #[test]
    fn a_sound_product_passes() {
        let product = input().check().unwrap();
        assert_eq!(product.unit.code(), "TNE");
        assert_eq!(product.gtin.unwrap().as_str(), "4006381333931");
        assert!(ProductInput { gtin: None, lead_time_days: 0, ..input() }.check().is_ok());
    }

    #[test]
    fn all_faults_are_told_at_once_with_their_places() {
        let bad = ProductInput {
            sku: "A 1".into(),
            gtin: Some("4006381333930".into()),
            names: Texts::new(),
            descriptions: [("EN".to_owned(), "x".to_owned())].into(),
            unit: "TON!".into(),
            minimum_order: Decimal::ZERO,
            order_multiple: Decimal::from(-1),
            lead_time_days: 3651,
            tax_category: "X".into(),
            tax_rate: Decimal::ZERO,
        };
        let expected = [
            ("/sku", "not_visible"),
            ("/gtin", "check_digit"),
            ("/name", "required"),
            ("/description", "language"),
            ("/base_unit", "unit"),
            ("/minimum_order", "not_positive"),
            ("/order_multiple", "negative"),
            ("/lead_time_days", "out_of_range"),
            ("/tax/category", "tax_category"),
        ];
        assert_eq!(faults(bad), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    }

    #[test]
    fn the_rate_must_fit_the_category() {
        let exempt = ProductInput { tax_category: "E".into(), ..input() };
        assert_eq!(faults(exempt), [("/tax/rate".to_owned(), "tax_rate")]);
    }

    #[test]
    fn a_sku_is_short_and_visible() {
        let code = |sku: &str| check_sku(sku).err().map(|invalid| invalid.code);
        assert_eq!(code(&"я".repeat(64)), None);
        assert_eq!(code(&"я".repeat(65)), Some("too_long"));
        assert_eq!(code(""), Some("required"));
        for bad in ["A\u{200B}1", "A\u{A0}1", "A\n", "\0", "A\u{202E}1"] {
            assert_eq!(code(bad), Some("not_visible"), "{bad:?}");
        }
    }
}
