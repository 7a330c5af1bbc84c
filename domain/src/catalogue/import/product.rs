//! A product as it was, with what a row says of it. The product's own rules judge what comes out.

use rust_decimal::Decimal;

use super::field::Field;
use super::row::{Cell, Row};
use crate::catalogue::product::ProductInput;
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Faults, Refusal};

/// The input for a new product, or for a change of one. Faults bear the pointers of a product in JSON.
pub fn overlay(row: &Row, before: Option<ProductInput>) -> Result<ProductInput, Refusal> {
    let mut faults = Faults::default();
    let mut input = before.unwrap_or_else(new);
    for (field, cell) in row.cells() {
        let text = match cell {
            Cell::Text(text) => Some(text),
            Cell::Quantity { .. } | Cell::Clear => None,
        };
        match (field, text) {
            (Field::Gtin, text) => input.gtin = text.cloned(),
            (Field::Name(language), Some(text)) => _ = input.names.insert(language.clone(), text.clone()),
            (Field::Name(language), None) => _ = input.names.remove(language),
            (Field::Description(language), Some(text)) => _ = input.descriptions.insert(language.clone(), text.clone()),
            (Field::Description(language), None) => _ = input.descriptions.remove(language),
            (Field::Sku, Some(text)) => input.sku.clone_from(text),
            (Field::BaseUnit, Some(text)) => input.unit.clone_from(text),
            (Field::TaxCategory, Some(text)) => input.tax_category.clone_from(text),
            (Field::TaxRate, Some(text)) => set(&mut faults, "/tax/rate", &mut input.tax_rate, parse_decimal(text)),
            (Field::MinimumOrder, Some(text)) => {
                set(&mut faults, "/minimum_order", &mut input.minimum_order, parse_decimal(text));
            }
            (Field::OrderMultiple, Some(text)) => {
                set(&mut faults, "/order_multiple", &mut input.order_multiple, parse_decimal(text));
            }
            (Field::LeadTimeDays, Some(text)) => {
                set(&mut faults, "/lead_time_days", &mut input.lead_time_days, days(text));
            }
            _ => {}
        }
    }
    faults.result()?;
    Ok(input)
}

/// What a product has that nothing is said of.
fn new() -> ProductInput {
    ProductInput {
        sku: String::new(),
        gtin: None,
        names: Default::default(),
        descriptions: Default::default(),
        unit: String::new(),
        minimum_order: Decimal::ONE,
        order_multiple: Decimal::ONE,
        lead_time_days: 0,
        tax_category: String::new(),
        tax_rate: Decimal::ZERO,
    }
}

fn set<T>(faults: &mut Faults, pointer: &str, place: &mut T, value: Result<T, Invalid>) {
    if let Some(value) = faults.keep(pointer, value) {
        *place = value;
    }
}

fn days(text: &str) -> Result<i32, Invalid> {
    text.parse().map_err(|_| Invalid::new("wrong_type", "A number of days is expected."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::import::Mapping;

    fn row(cells: &[(&str, &str)]) -> Row {
        let mut row = Row::default();
        let clearing = Mapping { clear_empty: true, ..Mapping::default() };
        for (name, cell) in cells {
            row.add_cell(&clearing, Field::parse(name).unwrap(), cell.to_string()).unwrap();
        }
        row
    }

    #[test]
    fn what_a_row_does_not_say_stays() {
        let whole = row(&[
            ("sku", "A"),
            ("name.en", "Bolt"),
            ("description.en", "Zinc"),
            ("base_unit", "C62"),
            ("tax.category", "S"),
            ("tax.rate", "19"),
            ("gtin", "4006381333931"),
        ]);
        let made = overlay(&whole, None).unwrap();
        assert!(made.clone().check().is_ok());
        let changed = overlay(&row(&[("sku", "A"), ("name.ru", "Болт"), ("gtin", ""), ("tax.rate", "")]), Some(made));
        let changed = changed.unwrap();
        assert_eq!((changed.names.len(), changed.gtin, changed.tax_rate), (2, None, Decimal::from(19)));
    }

    #[test]
    fn numbers_that_are_none_are_told_together() {
        let odd = row(&[("sku", "A"), ("tax.rate", "1e3"), ("lead_time_days", "1.5"), ("minimum_order", "x")]);
        let told: Vec<String> = overlay(&odd, None).unwrap_err().faults.into_iter().map(|f| f.pointer).collect();
        assert_eq!(told, ["/tax/rate", "/minimum_order", "/lead_time_days"]);
    }
}
