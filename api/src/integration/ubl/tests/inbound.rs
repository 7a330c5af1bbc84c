//! What is read, and how it is refused.

use domain::kernel::{Kind, Refusal};
use domain::ordering::confirm::Shortage;

use super::sample::*;
use crate::integration::ubl::catalogue;
use crate::integration::ubl::input;
use crate::integration::ubl::order_response::Answer;
use crate::integration::ubl::price::Price;
use crate::integration::ubl::{Measure, Order, order_read, order_response, order_write};
use crate::integration::xml::Limits;

const NAMESPACES: &str = "xmlns:a='urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2' \
    xmlns:b='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'";

/// A document with a prefix for its own namespace, and other prefixes than usual for the others.
fn wrapped(name: &str, content: &str) -> String {
    format!(
        "<d:{name} xmlns:d='urn:oasis:names:specification:ubl:schema:xsd:{name}-2' {NAMESPACES}>{content}</d:{name}>"
    )
}

fn party(wrapper: &str, name: &str) -> String {
    format!("<a:{wrapper}><a:Party><a:PartyName><b:Name>{name}</b:Name></a:PartyName></a:Party></a:{wrapper}>")
}

fn parties() -> String {
    party("BuyerCustomerParty", "Buyer") + &party("SellerSupplierParty", "Seller")
}

pub fn order_line(number: &str, inner: &str) -> String {
    format!(
        "<a:OrderLine><a:LineItem><b:ID>{number}</b:ID><b:Quantity unitCode='KGM'>2.5</b:Quantity>{inner}\
         <a:Item><a:SellersItemIdentification><b:ID>S-{number}</b:ID></a:SellersItemIdentification></a:Item></a:LineItem></a:OrderLine>"
    )
}

pub fn order_text(lines: &str) -> String {
    let head =
        "<b:ID>1</b:ID><b:IssueDate>2026-03-05</b:IssueDate><b:DocumentCurrencyCode>EUR</b:DocumentCurrencyCode>";
    wrapped("Order", &format!("{head}{}{lines}", parties()))
}

fn read(text: &str) -> Result<Order, Refusal> {
    order_read::read(text.as_bytes(), &Limits::default())
}

fn faults(text: &str) -> Vec<(String, &'static str)> {
    read(text).unwrap_err().faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

#[test]
fn prefixes_mean_nothing_and_namespaces_all() {
    let order = read(&order_text(&order_line("1", ""))).unwrap();
    assert_eq!((order.id.as_str(), order.lines[0].quantity), ("1", quantity("2.5", "KGM")));
    assert_eq!(order.seller.name.as_deref(), Some("Seller"));
    let wrong = order_text(&order_line("1", "")).replace("xsd:Order-2", "xsd:Order-3");
    assert_eq!(faults(&wrong), [("/Order".to_owned(), "document_type")]);
    let response = wrapped("OrderResponse", "");
    assert_eq!(faults(&response), [("/OrderResponse".to_owned(), "document_type")]);
    let foreign = order_text(&order_line("1", "")).replace("CommonBasicComponents-2", "CommonBasicComponents-9");
    assert_eq!(faults(&foreign)[0], ("/Order/ID".to_owned(), "required"));
}

#[test]
fn all_faults_are_told_at_once_with_their_places() {
    let lines = order_line("1", "<a:Price><b:PriceAmount currencyID='USD'>1</b:PriceAmount></a:Price>")
        + &order_line("1", "").replace("KGM", "kilo")
        + &order_line("3", "").replace("2.5", "-2.5")
        + "<a:OrderLine/>";
    let text = order_text(&lines)
        .replace("2026-03-05", "5 March")
        .replace("<b:ID>1</b:ID><b:IssueDate>", "<b:ID>1</b:ID><b:ID>2</b:ID><b:IssueDate>");
    let at = |pointer: &str, code| (pointer.to_owned(), code);
    let expected = [
        at("/Order/ID[2]", "repeated"),
        at("/Order/IssueDate", "date"),
        at("/Order/OrderLine[1]/LineItem/Price/PriceAmount", "currency_mismatch"),
        at("/Order/OrderLine[2]/LineItem/Quantity/@unitCode", "unit"),
        at("/Order/OrderLine[3]/LineItem/Quantity", "negative"),
        at("/Order/OrderLine[4]/LineItem", "required"),
    ];
    assert_eq!(faults(&text), expected);
}

#[test]
fn what_an_order_needs_is_told() {
    let found = faults(&wrapped("Order", ""));
    let pointers: Vec<_> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    let needed = ["ID", "IssueDate", "DocumentCurrencyCode", "BuyerCustomerParty", "SellerSupplierParty", "OrderLine"];
    assert_eq!(pointers, needed.map(|name| format!("/Order/{name}")));
    assert!(found.iter().all(|(_, code)| *code == "required"));
}

#[test]
fn lines_have_different_numbers() {
    let text = order_text(&(order_line("1", "") + &order_line("1", "")));
    assert_eq!(faults(&text), [("/Order/OrderLine[2]/LineItem/ID".to_owned(), "repeated")]);
}

#[test]
fn very_many_faults_are_told_in_part() {
    let lines = order_line("x", "").replace("KGM", "?").repeat(8_000);
    let found = faults(&order_text(&lines));
    assert_eq!(found.len(), 200);
}

#[test]
fn attacks_are_refused_as_malformed() {
    let order = order_text(&order_line("1", ""));
    let bomb = format!("<!DOCTYPE d:Order [<!ENTITY x 'x'>]>{}", order.replace("S-1", "&x;"));
    let external = order.replace("S-1", "&file;");
    let truncated = &order[..order.len() - 20];
    for (text, code) in [(bomb.as_str(), "doctype"), (&external, "entity"), (truncated, "malformed"), ("", "malformed")]
    {
        let refusal = read(text).unwrap_err();
        assert_eq!((refusal.kind, refusal.faults[0].code), (Kind::MalformedRequest, code));
    }
    let nul = order.replace("S-1", "S\0");
    assert_eq!(faults(&nul), [("/Order/OrderLine/LineItem/Item/SellersItemIdentification/ID".to_owned(), "character")]);
}

#[test]
fn an_order_becomes_numbers_and_quantities() {
    let input = input::order(&order()).unwrap();
    assert_eq!((input.buyer_reference.as_str(), input.currency), ("PO-4711", eur()));
    assert_eq!((input.incoterm.as_deref(), input.incoterm_place.as_deref()), (Some("DAP"), Some("Hamburg")));
    assert_eq!((input.requested_date, input.shortage), (Some(day("2026-04-03")), Shortage::Backorder));
    let line = &input.lines[1];
    assert_eq!((line.sku.as_deref(), line.gtin.as_deref()), (Some("S-200"), Some("4006381333931")));
    assert_eq!((line.quantity, line.requested_date), (quantity("12.5", "TNE"), Some(day("2026-04-02"))));
    assert_eq!(line.pointer, "/Order/OrderLine[2]/LineItem");
    // A discount makes another price than the one that is stated.
    assert_eq!(line.expected_price, None);
    let mut plain = order();
    plain.lines[0].allowances.clear();
    let expected = input::order(&plain).unwrap().lines[0].expected_price.unwrap();
    assert_eq!(expected.amount().to_string(), "640.436");
}

#[test]
fn a_line_without_any_number_is_a_fault_of_the_order() {
    let mut unnamed = bare_order();
    unnamed.lines[0].item.sellers_id = None;
    let refusal = input::order(&unnamed).unwrap_err();
    assert_eq!(
        (refusal.faults[0].pointer.as_str(), refusal.faults[0].code),
        ("/Order/OrderLine/LineItem/Item", "required")
    );
}

#[test]
fn a_price_for_another_quantity_is_exact_or_refused() {
    let price = |amount: &str, base: Option<Measure>| Price { amount: dec(amount), currency: eur(), base };
    let one = |price: Price| price.of_one(unit("KGM")).map(|price| price.amount().to_string());
    assert_eq!(one(price("1.25", None)).unwrap(), "1.25");
    assert_eq!(one(price("125", Some(measure("1", "TNE")))).unwrap(), "0.125");
    assert_eq!(one(price("9", Some(Measure { value: dec("4"), unit: None }))).unwrap(), "2.25");
    assert_eq!(one(price("1", Some(measure("3", "KGM")))).unwrap_err().code, "inexact");
    assert_eq!(one(price("1", Some(measure("1", "LTR")))).unwrap_err().code, "unit_mismatch");
}

#[test]
fn parties_are_found_by_the_identifiers_that_are_known() {
    let mut party = buyer();
    party.identifiers.push(id("0060", "150483782"));
    party.identifiers.push(id("0002", "unknown"));
    let known = [("duns", "150483782"), ("gln", "4012345000009"), ("vat", "DE123456788")];
    assert_eq!(party.known_identifiers(), known);
}

#[test]
fn an_answer_needs_its_codes() {
    let text = order_response::write(&response()).unwrap();
    let wrong = text.replace(">CA<", ">XX<").replace(">7<", ">9<");
    let refusal = order_response::read(wrong.as_bytes(), &Limits::default()).unwrap_err();
    let found: Vec<_> = refusal.faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    let expected =
        [("/OrderResponse/OrderResponseCode", "code"), ("/OrderResponse/OrderLine[2]/LineItem/LineStatusCode", "code")];
    assert_eq!(found, expected);
    for (code, answer) in [("AB", Answer::Received), ("AP", Answer::Accepted), ("RE", Answer::Rejected)] {
        assert_eq!(Answer::parse(code).unwrap(), answer);
    }
}

pub fn catalogue_text(lines: &str) -> String {
    let party = |name: &str| format!("<a:{name}><b:EndpointID schemeID='0088'>4012345000009</b:EndpointID></a:{name}>");
    let head = "<b:ID>CAT-1</b:ID><b:ActionCode>Update</b:ActionCode><b:IssueDate>2026-03-05</b:IssueDate>";
    wrapped("Catalogue", &format!("{head}{}{}{lines}", party("ProviderParty"), party("ReceiverParty")))
}

pub const CATALOGUE_LINE: &str = "<a:CatalogueLine><b:ID>1</b:ID><b:ActionCode>Add</b:ActionCode><b:OrderableUnit>KGM</b:OrderableUnit>\
    <b:OrderQuantityIncrementNumeric>5</b:OrderQuantityIncrementNumeric><b:MinimumOrderQuantity unitCode='KGM'>10</b:MinimumOrderQuantity>\
    <a:RequiredItemLocationQuantity><b:LeadTimeMeasure unitCode='WEE'>2</b:LeadTimeMeasure><b:MinimumQuantity unitCode='TNE'>1</b:MinimumQuantity>\
    <a:Price><b:PriceAmount currencyID='EUR'>4</b:PriceAmount></a:Price></a:RequiredItemLocationQuantity>\
    <a:RequiredItemLocationQuantity><b:LeadTimeMeasure unitCode='DAY'>3.5</b:LeadTimeMeasure>\
    <a:Price><b:PriceAmount currencyID='EUR'>500</b:PriceAmount><b:BaseQuantity unitCode='KGM'>100</b:BaseQuantity></a:Price>\
    </a:RequiredItemLocationQuantity><a:Item><b:Description languageID='ru'>Сыр</b:Description><b:Name>Cheese</b:Name>\
    <a:SellersItemIdentification><b:ID>CH-1</b:ID></a:SellersItemIdentification>\
    <a:StandardItemIdentification><b:ID schemeID='0160'>4006381333931</b:ID></a:StandardItemIdentification>\
    <a:ClassifiedTaxCategory><b:ID>S</b:ID><b:Percent>7</b:Percent><a:TaxScheme><b:ID>VAT</b:ID></a:TaxScheme></a:ClassifiedTaxCategory>\
    </a:Item></a:CatalogueLine>";

#[test]
fn a_catalogue_that_cannot_be_taken_tells_why() {
    let bad = CATALOGUE_LINE.replace(">Add<", ">Remove<").replace("'WEE'", "'KGM'").replace(">100<", ">0<");
    let refusal = catalogue::read(catalogue_text(&bad).as_bytes(), &Limits::default()).unwrap_err();
    let found: Vec<_> = refusal.faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    let line = "/Catalogue/CatalogueLine";
    assert_eq!(
        found,
        [
            (format!("{line}/ActionCode").as_str(), "code"),
            (format!("{line}/RequiredItemLocationQuantity[1]/LeadTimeMeasure").as_str(), "unit"),
            (format!("{line}/RequiredItemLocationQuantity[2]/Price/BaseQuantity").as_str(), "not_positive"),
        ]
    );
    let unnamed = CATALOGUE_LINE.replace("<b:OrderableUnit>KGM</b:OrderableUnit>", "").replace("CH-1", " ");
    let refusal = catalogue::read(catalogue_text(&unnamed).as_bytes(), &Limits::default()).unwrap_err();
    assert_eq!(refusal.faults[0].pointer, "/Catalogue/CatalogueLine/Item/SellersItemIdentification/ID");
    let twice = catalogue_text(&CATALOGUE_LINE.repeat(2));
    let refusal = catalogue::read(twice.as_bytes(), &Limits::default()).unwrap_err();
    assert_eq!(
        (refusal.faults[0].pointer.as_str(), refusal.faults[0].code),
        ("/Catalogue/CatalogueLine[2]", "repeated")
    );
}

#[test]
fn every_beginning_of_an_order_is_refused_and_none_panics() {
    let text = order_write::write(&order()).unwrap();
    for end in (0..text.trim_end().len()).filter(|end| text.is_char_boundary(*end)).step_by(7) {
        assert!(read(&text[..end]).is_err(), "{end}");
    }
}
