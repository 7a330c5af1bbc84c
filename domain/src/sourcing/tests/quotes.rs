//! Quotes as they are sent in, and their texts.

use super::*;
use crate::kernel::{DocumentId, Kind};

fn strict() -> Terms {
    let mut input = request_input();
    (input.procedure.partial_quotes, input.procedure.alternatives) = (Some(false), Some(false));
    terms(input)
}

fn told(terms: &Terms, input: QuoteInput) -> (Kind, Vec<String>) {
    let refusal = input.check(terms, 1).unwrap_err();
    (refusal.kind, refusal.faults.into_iter().map(|fault| fault.pointer + " " + fault.code).collect())
}

fn faults(change: impl Fn(&mut QuoteInput)) -> Vec<String> {
    let mut input = quote_input(vec![offer_input(1, "600"), offer_input(2, "800")]);
    change(&mut input);
    told(&request(), input).1
}

fn offer_faults(change: impl Fn(&mut OfferInput)) -> Vec<String> {
    faults(|input| change(&mut input.offers[0]))
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_quote_is_as_the_request_asks_unless_it_says_otherwise() {
    let quote = quote(&["600", "800"]);
    assert_eq!(quote.delivery, request().delivery);
    assert_eq!((quote.freight.amount(), quote.least_lines(), quote.offered_lines()), (dec("0"), 0, 2));
    assert!(quote.is_complete(&request()));
    assert!(!super::quote(&["600"]).is_complete(&request()));
}

#[test]
fn all_faults_are_told_at_once() {
    let bad = quote_input(vec![
        OfferInput { unit_price: "-1".into(), lead_time_days: 1_001, ..offer_input(1, "") },
        OfferInput { quantity: some("11"), kind: some("better"), ..offer_input(2, "1") },
        offer_input(3, "1"),
    ]);
    let bad = QuoteInput {
        valid_until: day(-1),
        incoterm: some("DAT"),
        freight: some("-1"),
        tax_rate: "101".into(),
        least_lines_percent: some("x"),
        whole_discount_percent: some("100"),
        ..bad
    };
    let expected = [
        "/valid_until too_short",
        "/incoterm incoterm",
        "/freight negative",
        "/tax_rate out_of_range",
        "/least_lines_percent decimal",
        "/whole_discount_percent out_of_range",
        "/offers/0/lead_time_days out_of_range",
        "/offers/0/unit_price negative",
        "/offers/1/kind kind",
        "/offers/1/quantity above_asked",
        "/offers/2/line unknown",
    ];
    assert_eq!(told(&request(), bad), (Kind::InvalidInput, expected.map(String::from).to_vec()));
}

#[test]
fn absurd_numbers_are_refused() {
    for (price, code) in [
        ("0", "not_positive"),
        ("-0.01", "negative"),
        ("0.0000001", "too_precise"),
        ("1000000000000000", "out_of_range"),
        ("100000000000000", "out_of_range"),
        ("1e3", "decimal"),
        ("NaN", "decimal"),
    ] {
        assert_eq!(offer_faults(|offer| offer.unit_price = price.into()), [format!("/offers/0/unit_price {code}")]);
    }
    let all_together =
        faults(|input| input.offers.iter_mut().for_each(|offer| offer.unit_price = "40000000000000".into()));
    assert_eq!(all_together, ["/offers out_of_range"]);
    assert_eq!(offer_faults(|offer| offer.quantity = some("0")), ["/offers/0/quantity not_positive"]);
    assert_eq!(faults(|input| input.freight = some("0.001")), ["/freight too_precise"]);
    assert_eq!(faults(|input| input.valid_until = day(800)), ["/valid_until out_of_range"]);
}

#[test]
fn prices_for_another_unit_are_converted_exactly() {
    let in_kilograms = OfferInput {
        unit: some("KGM"),
        quantity: some("15000"),
        least_quantity: some("500.5"),
        tiers: vec![TierInput { from: "10000".into(), unit_price: "0.55".into() }],
        ..offer_input(1, "0.6005")
    };
    let quote = quote_input(vec![in_kilograms]).check(&request(), 1).unwrap();
    let offer = quote.offer(1, 0).unwrap();
    assert_eq!((offer.stated.unit, offer.asked.unit), (unit("KGM"), unit("TNE")));
    assert_eq!(offer.asked.unit_price.amount(), dec("600.5"));
    assert_eq!((offer.asked.quantity, offer.asked.least_quantity), (Some(dec("15")), Some(dec("0.5005"))));
    assert_eq!(offer.asked.price_for(dec("9.999999")).amount(), dec("600.5"));
    assert_eq!(offer.asked.price_for(dec("10")).amount(), dec("550"));
    assert_eq!(offer.amount(dec("15"), dec("0")).unwrap().amount(), dec("8250"));
}

#[test]
fn a_unit_that_does_not_convert_is_a_refusal_of_its_own() {
    let in_metres = quote_input(vec![OfferInput { unit: some("MTR"), ..offer_input(1, "600") }]);
    assert_eq!(told(&request(), in_metres), (Kind::UnitMismatch, vec!["/offers/0/unit unit_mismatch".into()]));
    assert_eq!(offer_faults(|offer| offer.unit = some("tons")), ["/offers/0/unit unit"]);
}

#[test]
fn nothing_is_rounded_when_a_unit_is_converted() {
    let mut input = request_input();
    input.lines = vec![line_input("Bolts", "1200", "C62")];
    let terms = terms(input);
    let by_the_dozen = |price: &str| quote_input(vec![OfferInput { unit: some("DZN"), ..offer_input(1, price) }]);
    let quote = by_the_dozen("14.40").check(&terms, 1).unwrap();
    assert_eq!(quote.offers[0].asked.unit_price.amount(), dec("1.2"));
    assert_eq!(told(&terms, by_the_dozen("14.50")).1, ["/offers/0/unit inexact"]);
}

#[test]
fn another_currency_than_the_request_allows_is_a_refusal_of_its_own() {
    let in_roubles = QuoteInput { currency: "RUB".into(), ..quote_input(vec![offer_input(1, "60000")]) };
    assert_eq!(told(&request(), in_roubles), (Kind::CurrencyMismatch, vec!["/currency currency_mismatch".into()]));
    let in_dollars = QuoteInput { currency: "USD".into(), ..quote_input(vec![offer_input(1, "650")]) };
    assert!(in_dollars.check(&request(), 1).is_ok());
}

#[test]
fn a_quote_answers_the_version_at_which_the_request_stands() {
    for version in [0, 1, 3] {
        let input = QuoteInput { version, ..quote_input(vec![offer_input(1, "600")]) };
        assert_eq!(input.check(&request(), 2).unwrap_err().kind, Kind::VersionOutdated, "{version}");
    }
}

#[test]
fn where_no_parts_are_taken_all_lines_are_quoted_in_full() {
    assert_eq!(told(&strict(), quote_input(vec![offer_input(2, "800")])).1, ["/offers line_missing"]);
    let part = quote_input(vec![OfferInput { quantity: some("19"), ..offer_input(1, "600") }, offer_input(2, "800")]);
    assert_eq!(told(&strict(), part).1, ["/offers/0/quantity partial"]);
    let part = quote_input(vec![OfferInput { quantity: some("19"), ..offer_input(1, "600") }]);
    assert!(part.check(&request(), 1).is_ok());
}

#[test]
fn alternatives_are_described_and_numbered() {
    let other = |kind: &str| OfferInput { kind: some(kind), description: some("S275JR"), ..offer_input(1, "580") };
    let quote = quote_input(vec![other("equivalent"), offer_input(1, "600"), other("alternative")]);
    let quote = quote.check(&request(), 1).unwrap();
    let kinds: Vec<_> = quote.offers.iter().map(|offer| (offer.variant, offer.kind)).collect();
    assert_eq!(kinds, [(0, OfferKind::AsAsked), (1, OfferKind::Equivalent), (2, OfferKind::Alternative)]);
    assert_eq!(offer_faults(|offer| offer.kind = some("alternative")), ["/offers/0/description required"]);
    assert_eq!(offer_faults(|offer| offer.description = some("x")), ["/offers/0/description not_taken"]);
    assert_eq!(faults(|input| input.offers.push(offer_input(1, "1"))), ["/offers/2/line twice"]);
    assert_eq!(faults(|input| input.offers = vec![other("equivalent"); 6]), ["/offers/5/line too_many"]);
    let told = told(&strict(), quote_input(vec![other("equivalent"), offer_input(2, "800")]));
    assert_eq!(told.1, ["/offers/0/kind alternatives_not_taken"]);
}

#[test]
fn tiers_ascend() {
    let tier = |from: &str, price: &str| TierInput { from: from.into(), unit_price: price.into() };
    let disordered = offer_faults(|offer| offer.tiers = vec![tier("5", "590"), tier("5", "580"), tier("0", "1")]);
    assert_eq!(disordered, ["/offers/0/tiers/1/from not_ascending", "/offers/0/tiers/2/from not_positive"]);
    let priceless = offer_faults(|offer| offer.tiers = vec![tier("5", "0")]);
    assert_eq!(priceless, ["/offers/0/tiers/0/unit_price not_positive"]);
}

#[test]
fn the_least_quantity_is_not_more_than_what_is_offered() {
    let told = offer_faults(|offer| (offer.quantity, offer.least_quantity) = (some("5"), some("6")));
    assert_eq!(told, ["/offers/0/least_quantity above_offered"]);
}

#[test]
fn prices_that_cover_less_of_the_way_say_what_it_costs() {
    assert_eq!(faults(|input| input.incoterm = some("EXW")), ["/freight required"]);
    let offers = vec![offer_input(1, "550")];
    let from_the_works = QuoteInput { incoterm: some("EXW"), freight: some("480"), ..quote_input(offers.clone()) };
    assert!(from_the_works.check(&request(), 1).is_ok());
    assert!(QuoteInput { incoterm: some("DDP"), ..quote_input(offers) }.check(&request(), 1).is_ok());
}

#[test]
fn the_least_share_of_lines_is_rounded_up() {
    let least = |percent: &str| {
        let offers = vec![offer_input(1, "600"), offer_input(2, "800")];
        let input = QuoteInput { least_lines_percent: some(percent), ..quote_input(offers) };
        input.check(&request(), 1).unwrap().least_lines()
    };
    assert_eq!(["0", "1", "50", "50.01", "100"].map(least), [0, 1, 1, 2, 2]);
}

#[test]
fn what_was_checked_can_be_sent_in_again() {
    let offers = vec![
        OfferInput {
            unit: some("KGM"),
            quantity: some("12000"),
            tiers: vec![TierInput { from: "8000".into(), unit_price: "0.5".into() }],
            ..offer_input(1, "0.6")
        },
        OfferInput { kind: some("equivalent"), description: some("S275JR"), ..offer_input(1, "580") },
    ];
    let quote = QuoteInput { freight: some("80.5"), remarks: some("ex stock"), ..quote_input(offers) };
    let quote = quote.check(&request(), 1).unwrap();
    assert_eq!(quote.input().check(&request(), 1), Ok(quote));
}

#[test]
fn the_text_is_canonical() {
    let offers = vec![OfferInput { remarks: some("mill\nedge \\"), ..offer_input(1, "600.10") }];
    let quote = QuoteInput { freight: some("80.50"), tax_rate: "19.00".into(), ..quote_input(offers) };
    let expected = "TORG QUOTE: text version 1, whole\n\
        request version: 1\n\
        currency: EUR\n\
        valid until: 2026-12-24\n\
        delivery: DAP Hamburg\n\
        freight: 80.5\n\
        tax rate: 19\n\
        least lines percent: 0\n\
        whole discount percent: 0\n\
        remarks: \n\
        offer: line 1 variant 0\n\
        \x20 kind: as_asked\n\
        \x20 description: \n\
        \x20 lead time days: 14\n\
        \x20 remarks: mill\\nedge \\\\\n\
        \x20 unit: TNE\n\
        \x20 unit price: 600.1\n\
        \x20 quantity: all\n\
        \x20 least quantity: none\n";
    assert_eq!(quote.check(&request(), 1).unwrap().text(Envelope::Whole), expected);
}

#[test]
fn the_technical_envelope_holds_no_price_and_the_other_no_offer() {
    let offers = vec![OfferInput { remarks: some("oiled"), lead_time_days: 77, ..offer_input(1, "611") }];
    let quote = QuoteInput { freight: some("4321"), remarks: some("net"), ..quote_input(offers) };
    let quote = quote.check(&request(), 1).unwrap();
    let (technical, commercial) = (quote.text(Envelope::Technical), quote.text(Envelope::Commercial));
    for secret in ["611", "4321", "net", "EUR", "TNE"] {
        assert!(!technical.contains(secret), "{secret}");
        assert!(commercial.contains(secret), "{secret}");
    }
    for detail in ["oiled", "77"] {
        assert!(technical.contains(detail) && !commercial.contains(detail), "{detail}");
    }
}

#[test]
fn every_change_of_a_quote_changes_its_text() {
    let base = || quote_input(vec![offer_input(1, "600"), offer_input(2, "800")]);
    let document = DocumentId(Uuid::from_u128(5));
    let changes: [&dyn Fn(&mut QuoteInput); 14] = [
        &|input| input.valid_until = day(31),
        &|input| input.place = some("Bremen"),
        &|input| input.freight = some("1"),
        &|input| input.tax_rate = "19".into(),
        &|input| input.least_lines_percent = some("50"),
        &|input| input.whole_discount_percent = some("2"),
        &|input| input.remarks = some("freight: 0"),
        &|input| input.technical_documents = vec![document],
        &|input| input.commercial_documents = vec![document],
        &|input| input.offers[0].unit_price = "600.01".into(),
        &|input| input.offers[0].lead_time_days = 15,
        &|input| input.offers[0].quantity = some("19"),
        &|input| input.offers[0].documents = vec![document],
        &|input| drop(input.offers.pop()),
    ];
    let mut texts = std::collections::BTreeSet::from([base().check(&request(), 1).unwrap().text(Envelope::Whole)]);
    for (index, change) in changes.iter().enumerate() {
        let mut input = base();
        change(&mut input);
        assert!(texts.insert(input.check(&request(), 1).unwrap().text(Envelope::Whole)), "change {index}");
    }
}
