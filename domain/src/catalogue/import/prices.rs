//! The prices that a row states.

use rust_decimal::Decimal;

use super::field::Field;
use super::row::Row;
use crate::catalogue::tier::{Tier, Tiers};
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Currency, Faults, Refusal, UnitPrice};

/// The prices by quantity that a row states; none if it states none. A bare price holds from the smallest order on. The currency
/// is the row's, or the one that the offer has.
pub fn tiers(row: &Row, minimum_order: Decimal, currency: Option<&str>) -> Result<Option<Tiers>, Refusal> {
    let mut faults = Faults::default();
    let mut stated: Vec<(Decimal, &str, String)> = Vec::new();
    if let Some(price) = row.text(&Field::Price) {
        stated.push((minimum_order, price, Field::Price.name()));
    }
    for (field, _) in row.cells() {
        if let (Field::PriceFrom(from), Some(price)) = (field, row.text(field)) {
            let from = faults.keep(format!("/{}", field.name()), parse_decimal(from));
            stated.extend(from.map(|from| (from, price, field.name())));
        }
    }
    for part in row.text(&Field::Prices).unwrap_or_default().split_whitespace() {
        let pair = part.split_once(':').ok_or_else(|| Invalid::new("prices", "Write prices as 1:18.00 50:16.20."));
        let Some((from, price)) = faults.keep("/prices", pair) else { continue };
        let from = faults.keep("/prices", parse_decimal(from));
        stated.extend(from.map(|from| (from, price, Field::Prices.name())));
    }
    faults.result()?;
    if stated.is_empty() {
        return Ok(None);
    }
    let mut faults = Faults::default();
    let required = || Invalid::new("required", "The currency of the prices is missing.");
    let code = row.text(&Field::Currency).or(currency).ok_or_else(required);
    let currency = faults.keep("/currency", code.and_then(Currency::parse));
    stated.sort_by_key(|(from, ..)| *from);
    let mut tiers = Vec::new();
    for (from, price, column) in &stated {
        let amount = faults.keep(format!("/{column}"), parse_decimal(price));
        let (Some(amount), Some(currency)) = (amount, currency) else { continue };
        let unit_price = faults.keep(format!("/{column}"), UnitPrice::stated(amount, currency));
        tiers.extend(unit_price.map(|unit_price| Tier { from: *from, unit_price }));
    }
    faults.result()?;
    let told = |mut faults: Faults| {
        // Where the tiers come from several columns each of them is named by its own.
        for fault in &mut faults.0 {
            let index = fault.pointer.split('/').nth(2).and_then(|index| index.parse::<usize>().ok());
            let column = index.and_then(|index| stated.get(index)).map_or("price", |(.., column)| column);
            fault.pointer = format!("/{column}");
        }
        Refusal::invalid(faults.0)
    };
    let tiers = Tiers::new(tiers, "/tiers").map_err(told)?;
    tiers.check_minimum(minimum_order).map_err(|invalid| invalid.at(format!("/{}", stated[0].2)))?;
    Ok(Some(tiers))
}

/// Prices as one cell, as [`tiers`] reads them.
pub fn written(tiers: &[(Decimal, Decimal)]) -> String {
    let pair = |(from, price): &(Decimal, Decimal)| format!("{}:{}", from.normalize(), price.normalize());
    tiers.iter().map(pair).collect::<Vec<_>>().join(" ")
}

/// Whether buyers shall see the offer; none if the row does not say.
pub fn published(row: &Row) -> Result<Option<bool>, Refusal> {
    match row.text(&Field::Published) {
        None => Ok(None),
        Some("true" | "1" | "yes" | "да") => Ok(Some(true)),
        Some("false" | "0" | "no" | "нет") => Ok(Some(false)),
        Some(_) => Err(Refusal::fault("/published", "wrong_type", "Write true or false.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::import::Mapping;

    fn read(cells: &[(&str, &str)]) -> Result<Option<String>, Vec<(String, &'static str)>> {
        let mut row = Row::default();
        for (name, cell) in cells {
            row.add_cell(&Mapping::default(), Field::parse(name).unwrap(), cell.to_string()).unwrap();
        }
        let shown = |tiers: Tiers| {
            let pairs: Vec<_> = tiers.as_slice().iter().map(|t| (t.from, t.unit_price.amount())).collect();
            format!("{} {}", tiers.currency(), written(&pairs))
        };
        let told = |refusal: Refusal| refusal.faults.into_iter().map(|f| (f.pointer, f.code)).collect();
        tiers(&row, Decimal::from(2), Some("EUR")).map(|tiers| tiers.map(shown)).map_err(told)
    }

    #[test]
    fn prices_are_written_in_one_column_or_in_several() {
        assert_eq!(read(&[("currency", "USD")]), Ok(None));
        assert_eq!(read(&[("price", "18.00")]), Ok(Some("EUR 2:18".into())));
        assert_eq!(read(&[("price", "18"), ("price.50", "16.2")]), Ok(Some("EUR 2:18 50:16.2".into())));
        assert_eq!(read(&[("prices", "1:18.00 50:16.20"), ("currency", "USD")]), Ok(Some("USD 1:18 50:16.2".into())));
    }

    #[test]
    fn faults_name_the_column() {
        let fault = |pointer: &str, code| Err(vec![(pointer.to_owned(), code)]);
        assert_eq!(read(&[("price", "x")]), fault("/price", "decimal"));
        assert_eq!(read(&[("price", "-1")]), fault("/price", "negative"));
        assert_eq!(read(&[("prices", "18.00")]), fault("/prices", "prices"));
        assert_eq!(read(&[("price", "1"), ("currency", "EURO")]), fault("/currency", "currency"));
        assert_eq!(read(&[("price.3", "1")]), fault("/price.3", "above_minimum"));
        assert_eq!(read(&[("prices", "1:1 1:2")]), fault("/prices", "not_ascending"));
        assert_eq!(read(&[("prices", "0:18.00")]), fault("/prices", "not_positive"));
        assert_eq!(read(&[("price", "1.1234567")]), fault("/price", "too_precise"));
    }
}
