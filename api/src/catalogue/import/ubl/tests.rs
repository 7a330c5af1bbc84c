use super::*;
use crate::integration::ubl::catalogue::read;
use crate::integration::ubl::tests::{CATALOGUE_LINE, catalogue_text};
use crate::integration::xml::Limits;

fn day() -> Date {
    "2026-03-05".parse().unwrap()
}

fn lines(kind: ImportKind, lines: &str) -> Vec<Value> {
    let catalogue = read(catalogue_text(lines).as_bytes(), &Limits::default()).unwrap();
    let translated = translate(&catalogue, kind, day()).unwrap();
    String::from_utf8(translated.lines).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn faults(line: &str) -> Vec<(String, &'static str)> {
    let line = lines(ImportKind::Products, line).remove(0).to_string();
    faults_of(&line).unwrap_or_default().into_iter().map(|fault| (fault.column, fault.code)).collect()
}

#[test]
fn a_line_says_what_a_row_says() {
    let expected = json!({
        "sku": "CH-1", "gtin": "4006381333931", "name.en": "Cheese", "description.ru": "Сыр", "base_unit": "KGM",
        "tax.category": "S", "tax.rate": "7", "minimum_order": "10", "order_multiple": "5", "lead_time_days": "14",
        "price": "5", "price.1000": "4", "currency": "EUR",
    });
    assert_eq!(lines(ImportKind::Products, CATALOGUE_LINE), [expected]);
    let prices = json!({"sku": "CH-1", "price": "5", "price.1000": "4", "currency": "EUR"});
    assert_eq!(lines(ImportKind::Prices, CATALOGUE_LINE), [prices]);
    let gone = CATALOGUE_LINE.replace(">Add<", ">Delete<");
    assert_eq!(lines(ImportKind::Products, &gone), [json!({"sku": "CH-1", "published": "false"})]);
}

#[test]
fn classifications_are_codes_of_lists_or_a_category() {
    let code = |attribute: &str, code: &str| {
        format!(
            "<a:CommodityClassification><b:ItemClassificationCode{attribute}>{code}</b:ItemClassificationCode></a:CommodityClassification>"
        )
    };
    let classified =
        |codes: &str| CATALOGUE_LINE.replace("<a:ClassifiedTaxCategory>", &format!("{codes}<a:ClassifiedTaxCategory>"));
    let row =
        lines(ImportKind::Products, &classified(&(code(" listID='STI'", "15540000") + &code("", "cheese")))).remove(0);
    assert_eq!((&row["codes.cpv"], &row["category"]), (&json!("15540000"), &json!("cheese")));
    let twice = classified(&(code("", "a") + &code("", "b")));
    assert_eq!(faults(&twice), [("Item/CommodityClassification/ItemClassificationCode".to_owned(), "repeated")]);
    assert_eq!(faults(&classified(&code(" listID='a b'", "1")))[0].1, "key");
}

#[test]
fn a_line_that_cannot_be_said_so_becomes_its_faults() {
    let at = |path: &str, code| (path.to_owned(), code);
    let unknown = CATALOGUE_LINE.replace("<b:OrderableUnit>KGM<", "<b:OrderableUnit>kilo<");
    assert_eq!(faults(&unknown)[0], at("OrderableUnit", "unit"));
    let litres = CATALOGUE_LINE.replace("<b:OrderableUnit>KGM<", "<b:OrderableUnit>LTR<");
    let mismatches =
        ["MinimumOrderQuantity", "RequiredItemLocationQuantity/MinimumQuantity", "RequiredItemLocationQuantity/Price"];
    assert_eq!(faults(&litres), mismatches.map(|path| at(path, "unit_mismatch")));
    let two = CATALOGUE_LINE.replacen("currencyID='EUR'", "currencyID='USD'", 1);
    assert_eq!(faults(&two)[0].1, "currency_mismatch");
    let period = "<a:LineValidityPeriod><b:EndDate>2026-03-04</b:EndDate></a:LineValidityPeriod><a:RequiredItemLocationQuantity>";
    let over = CATALOGUE_LINE.replacen("<a:RequiredItemLocationQuantity>", period, 1);
    assert_eq!(faults(&over), [at("LineValidityPeriod", "not_in_force")]);
    assert_eq!(faults(CATALOGUE_LINE), []);
}

#[test]
fn a_catalogue_says_nothing_of_stock() {
    let catalogue = read(catalogue_text(CATALOGUE_LINE).as_bytes(), &Limits::default()).unwrap();
    assert_eq!(translate(&catalogue, ImportKind::Stock, day()).unwrap_err().faults[0].pointer, "/kind");
}
