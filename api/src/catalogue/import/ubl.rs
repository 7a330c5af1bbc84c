//! A catalogue of UBL 2.1 as a file of goods: each line becomes an object with the members that a line of NDJSON has, so that jobs,
//! their rules and their errors are those of any file. Row `n` is the `n`th `CatalogueLine`.
//!
//! | element of `CatalogueLine` | field |
//! | --- | --- |
//! | `Item/SellersItemIdentification/ID` | `sku` |
//! | `Item/StandardItemIdentification/ID` (scheme `0160`) | `gtin` |
//! | `Item/Name`, `Item/Description` | `name.<language>`, `description.<language>` |
//! | `OrderableUnit`, or else the unit in which it is priced | `base_unit` |
//! | `Item/CommodityClassification` | `codes.<list>`; without `@listID` `category` |
//! | `Item/ClassifiedTaxCategory` | `tax.category`, `tax.rate` |
//! | `Item/AdditionalItemProperty` | `attributes.<name>` |
//! | `MinimumOrderQuantity`, `OrderQuantityIncrementNumeric`, the longest `LeadTimeMeasure` | `minimum_order`, `order_multiple`, `lead_time_days` |
//! | `RequiredItemLocationQuantity` with a price | `price` or `price.<quantity>`, `currency` |
//! | `ActionCode` of `Delete`, or `OrderableIndicator` of `false` | `published` of `false` |
//!
//! A line that cannot be said in these fields becomes a row with its faults instead, by the path of the element below the line.

use domain::catalogue::attribute::check_key;
use domain::catalogue::code_list::check_list_key;
use domain::catalogue::import::{Field, ImportKind};
use domain::kernel::language::{DEFAULT_LANGUAGE, check_tag};
use domain::kernel::{Date, Faults, Refusal, Unit};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::reading::{MAX_FAULTS, RowFault};
use crate::integration::ubl::catalogue::{Catalogue, CatalogueLine, CataloguePrice, LineAction};
use crate::integration::ubl::delivery::Period;
use crate::integration::ubl::item::Classification;
use crate::integration::ubl::{LocalText, Measure};

/// What can be wrong with a line beside what the rules of goods find.
const CODES: [&str; 10] = [
    "unit",
    "unit_mismatch",
    "inexact",
    "currency_mismatch",
    "repeated",
    "not_in_force",
    "key",
    "out_of_range",
    "too_precise",
    "language",
];

/// The member that holds what is wrong with a line. No field has this name.
const FAULTS: &str = "faults";

/// A catalogue as lines of NDJSON.
#[derive(Debug)]
pub struct Translated {
    pub lines: Vec<u8>,
    /// Whether it says anything of offers, which are on a portal.
    pub has_offers: bool,
}

#[derive(Serialize, Deserialize)]
struct KeptFault {
    column: String,
    code: String,
    detail: String,
}

/// The lines of a catalogue as a file of this kind. Refused for stock, of which a catalogue says nothing.
pub fn translate(catalogue: &Catalogue, kind: ImportKind, today: Date) -> Result<Translated, Refusal> {
    if kind == ImportKind::Stock {
        return Err(Refusal::fault("/kind", "not_in_file", "A catalogue says nothing of stock."));
    }
    let (mut lines, mut has_offers) = (Vec::new(), false);
    for line in &catalogue.lines {
        let mut faults = Faults::default();
        let mut members = members(line, catalogue.valid, today, &mut faults);
        members.retain(|name, _| Field::parse(name).is_ok_and(|field| field.fits(kind)));
        has_offers |= members.keys().any(|name| Field::parse(name).is_ok_and(|field| field.is_of_offer()));
        let object = if faults.0.is_empty() { Value::Object(members) } else { refused(faults) };
        lines.extend_from_slice(object.to_string().as_bytes());
        lines.push(b'\n');
    }
    Ok(Translated { lines, has_offers })
}

fn refused(faults: Faults) -> Value {
    let kept = faults.0.into_iter().take(MAX_FAULTS);
    let kept = kept.map(|one| KeptFault { column: one.pointer, code: one.code.to_owned(), detail: one.detail });
    json!({FAULTS: kept.collect::<Vec<_>>()})
}

/// What is wrong with a line that was translated; none if nothing is.
pub fn faults_of(line: &str) -> Option<Vec<RowFault>> {
    let mut line: Value = serde_json::from_str(line).ok()?;
    let kept: Vec<KeptFault> = serde_json::from_value(line.get_mut(FAULTS)?.take()).ok()?;
    let code = |code: &str| CODES.into_iter().find(|known| *known == code).unwrap_or("invalid");
    Some(
        kept.into_iter()
            .map(|one| RowFault { column: one.column, code: code(&one.code), detail: one.detail })
            .collect(),
    )
}

fn members(line: &CatalogueLine, valid: Option<Period>, today: Date, faults: &mut Faults) -> Map<String, Value> {
    let mut row = Map::new();
    set(&mut row, "sku", line.item.sellers_id.as_deref());
    if line.action == LineAction::Delete {
        set(&mut row, "published", Some("false"));
        return row;
    }
    if !in_force(line.valid.or(valid), today) {
        faults.add("LineValidityPeriod", "not_in_force", "The line does not hold today.");
    }
    if !line.is_orderable {
        set(&mut row, "published", Some("false"));
    }
    product(line, &mut row, faults);
    let found = faults.0.len();
    let unit = unit(line, faults);
    if faults.0.len() > found {
        return row;
    }
    set(&mut row, "base_unit", unit.map(Unit::code));
    // Where no unit is told, quantities are of whatever the product is counted in.
    let Some(unit) = unit.or_else(|| Unit::parse("C62").ok()) else { return row };
    if let Some(minimum) = line.minimum {
        let exact = in_unit(minimum, unit, "MinimumOrderQuantity", faults);
        set(&mut row, "minimum_order", exact.map(|value| value.to_string()).as_deref());
    }
    prices(line, unit, today, &mut row, faults);
    row
}

fn set(row: &mut Map<String, Value>, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        row.insert(name.to_owned(), text.into());
    }
}

/// Sets a field, of which there is one.
fn set_once(row: &mut Map<String, Value>, name: String, text: &str, at: &str, faults: &mut Faults) {
    if row.insert(name, text.into()).is_some() {
        faults.add(at, "repeated", "This was told before.");
    }
}

fn product(line: &CatalogueLine, row: &mut Map<String, Value>, faults: &mut Faults) {
    let item = &line.item;
    set(row, "gtin", item.gtin());
    texts(row, "name", item.name.iter(), "Item/Name/@languageID", faults);
    texts(row, "description", item.descriptions.iter(), "Item/Description/@languageID", faults);
    for one in &item.classifications {
        classify(one, row, faults);
    }
    for (name, value) in &item.properties {
        let at = "Item/AdditionalItemProperty/Name";
        if faults.keep(at, check_key(name)).is_some() {
            set_once(row, format!("attributes.{name}"), value, at, faults);
        }
    }
    if let Some(tax) = &item.tax {
        set(row, "tax.category", Some(&tax.code));
        set(row, "tax.rate", Some(&tax.rate.unwrap_or_default().normalize().to_string()));
    }
    set(row, "order_multiple", line.increment.map(|value| value.normalize().to_string()).as_deref());
    let lead_time = line.prices.iter().filter_map(|price| price.lead_time_days).max();
    set(row, "lead_time_days", lead_time.map(|days| days.to_string()).as_deref());
}

/// By language; of several texts in one language the first.
fn texts<'a>(
    row: &mut Map<String, Value>,
    family: &str,
    all: impl Iterator<Item = &'a LocalText>,
    at: &str,
    faults: &mut Faults,
) {
    for one in all {
        let language = one.language.as_deref().filter(|tag| !tag.is_empty()).unwrap_or(DEFAULT_LANGUAGE);
        if faults.keep(at, check_tag(language)).is_some() {
            row.entry(format!("{family}.{language}")).or_insert_with(|| one.text.as_str().into());
        }
    }
}

/// A code without a list is that of a category. The lists of UNTDID 7143 that have a name of their own are known by it.
fn classify(one: &Classification, row: &mut Map<String, Value>, faults: &mut Faults) {
    let at = "Item/CommodityClassification/ItemClassificationCode";
    let key = match one.list.as_deref().unwrap_or_default() {
        "" => return set_once(row, "category".to_owned(), &one.code, at, faults),
        "TST" => "unspsc".to_owned(),
        "STI" => "cpv".to_owned(),
        other => other.to_lowercase(),
    };
    if faults.keep(format!("{at}/@listID"), check_list_key(&key)).is_some() {
        set_once(row, format!("codes.{key}"), &one.code, at, faults);
    }
}

fn unit(line: &CatalogueLine, faults: &mut Faults) -> Option<Unit> {
    match line.orderable_unit.as_deref() {
        Some(code) => faults.keep("OrderableUnit", Unit::parse(code)),
        None => line.prices.iter().find_map(|price| price.price.base?.unit),
    }
}

fn prices(line: &CatalogueLine, unit: Unit, today: Date, row: &mut Map<String, Value>, faults: &mut Faults) {
    let at = "RequiredItemLocationQuantity";
    let valid: Vec<&CataloguePrice> = line.prices.iter().filter(|one| in_force(one.valid, today)).collect();
    if valid.is_empty() && !line.prices.is_empty() {
        faults.add(format!("{at}/Price/ValidityPeriod"), "not_in_force", "None of the prices holds today.");
    }
    for one in valid {
        let currency = one.price.currency.code();
        if row.get("currency").is_some_and(|known| known != currency) {
            let detail = "All prices of a line are in one currency.";
            faults.add(format!("{at}/Price/PriceAmount/@currencyID"), "currency_mismatch", detail);
        }
        set(row, "currency", Some(currency));
        let name = match one.minimum {
            None => Some("price".to_owned()),
            Some(minimum) => in_unit(minimum, unit, &format!("{at}/MinimumQuantity"), faults)
                .map(|from| if from.is_zero() { "price".to_owned() } else { format!("price.{from}") }),
        };
        let price = faults.keep(format!("{at}/Price"), one.price.of_one(unit));
        if let (Some(name), Some(price)) = (name, price) {
            set_once(row, name, &price.amount().normalize().to_string(), at, faults);
        }
    }
}

fn in_force(period: Option<Period>, today: Date) -> bool {
    period.is_none_or(|period| period.from.is_none_or(|from| from <= today) && period.to.is_none_or(|to| today <= to))
}

/// A quantity in the product's unit, exactly.
fn in_unit(measure: Measure, unit: Unit, at: &str, faults: &mut Faults) -> Option<Decimal> {
    let exact = measure.unit.unwrap_or(unit).ratio_to(unit).and_then(|ratio| ratio.apply(measure.value));
    if exact.is_none() {
        faults.add(at, "unit_mismatch", format!("The quantity does not convert exactly into {unit}."));
    }
    exact.map(|exact| exact.normalize())
}

#[cfg(test)]
mod tests;
