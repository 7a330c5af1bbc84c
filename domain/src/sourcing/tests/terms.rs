//! Requests as they are sent in.

use std::collections::BTreeMap;

use super::*;
use crate::catalogue::attribute::{AttributeKind, AttributeValue, Bounds, Definition, Given};
use crate::kernel::{CategoryId, DocumentId, ProductId};

fn faults_of(input: RequestInput, referenced: &Referenced) -> Vec<String> {
    let mut faults = Faults::default();
    let checked = input.check(referenced, "", &mut faults);
    assert_eq!(checked.is_none(), !faults.0.is_empty());
    faults.0.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
}

fn faults(change: impl Fn(&mut RequestInput)) -> Vec<String> {
    let mut input = request_input();
    change(&mut input);
    faults_of(input, &Referenced::default())
}

fn line_faults(change: impl Fn(&mut LineInput)) -> Vec<String> {
    faults(|input| change(&mut input.lines[1]))
}

#[test]
fn a_mini_tender_needs_little() {
    let terms = request();
    assert_eq!(terms.procedure, Preset::MiniTender.procedure());
    assert_eq!(terms.criteria, [Criterion::price_alone()]);
    assert_eq!(terms.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(terms.comparison_currency(), euro());
    assert_eq!(terms.check_new(at(0)), Ok(()));
}

#[test]
fn all_faults_are_told_at_once() {
    let told = faults(|input| {
        input.titles = Texts::new();
        input.procedure.rounds = Some(0);
        input.currencies = vec!["EUX".into()];
        input.lines[0].quantity = "-1".into();
        input.lines[1].unit = "tons".into();
        input.terms.place = " ".into();
        input.terms.delivery_date = Some(day(3));
        input.deadlines.questions = Some(at(1_001));
        input.criteria = vec![CriterionInput { kind: "x".into(), key: None, names: Texts::new(), weight: "1".into() }];
        input.invitations = vec![company(1), company(1)];
        input.documents = vec![DocumentId(Uuid::nil()); 2];
    });
    let expected = [
        "/title required",
        "/procedure/rounds out_of_range",
        "/currencies/0 currency",
        "/lines/0/quantity negative",
        "/lines/1/unit unit",
        "/terms/delivery_date not_taken",
        "/terms/place required",
        "/deadlines/questions after_quotes",
        "/criteria/0/kind kind",
        "/invitations twice",
        "/documents twice",
    ];
    assert_eq!(told, expected);
}

#[test]
fn there_are_one_to_five_hundred_lines() {
    assert_eq!(faults(|input| input.lines.clear()), ["/lines out_of_range"]);
    let many = |count| move |input: &mut RequestInput| input.lines = vec![line_input("Bolt", "1", "C62"); count];
    assert!(faults(many(500)).is_empty());
    assert_eq!(faults(many(501)), ["/lines out_of_range"]);
}

#[test]
fn lines_are_numbered_once_and_keep_their_numbers() {
    assert_eq!(line_faults(|line| line.number = Some(0)), ["/lines/1/number out_of_range"]);
    let twice = faults(|input| input.lines.iter_mut().for_each(|line| line.number = Some(4)));
    assert_eq!(twice, ["/lines/1/number twice"]);
    let mut input = request_input();
    input.lines[0].number = Some(7);
    assert_eq!(terms(input).lines.iter().map(|line| line.number).collect::<Vec<_>>(), [7, 8]);
}

#[test]
fn a_quantity_and_a_target_price_are_sensible() {
    assert_eq!(line_faults(|line| line.quantity = "0".into()), ["/lines/1/quantity not_positive"]);
    assert_eq!(line_faults(|line| line.quantity = "1e9".into()), ["/lines/1/quantity decimal"]);
    assert_eq!(line_faults(|line| line.target_price = Some("0".into())), ["/lines/1/target_price not_positive"]);
    assert_eq!(line_faults(|line| line.show_target = true), ["/lines/1/show_target contradiction"]);
    let absurd = line_faults(|line| {
        line.quantity = "100000000000".into();
        line.target_price = Some("100000000".into());
    });
    assert_eq!(absurd, ["/lines/1/target_price out_of_range"]);
}

fn referenced() -> (CategoryId, ProductId, Referenced) {
    let (category, product) = (CategoryId(Uuid::from_u128(1)), ProductId(Uuid::from_u128(2)));
    let thickness = Definition {
        key: "thickness".into(),
        names: texts("Thickness"),
        kind: AttributeKind::Number(Some(unit("MMT"))),
        required: true,
        choices: Vec::new(),
        bounds: Bounds { minimum: Some("0.3".into()), maximum: None },
    };
    let categories = [(category, vec![thickness])].into();
    (category, product, Referenced { categories, products: [product].into() })
}

#[test]
fn a_line_is_about_a_category_or_a_product_that_exists() {
    let (category, product, referenced) = referenced();
    let told = |change: &dyn Fn(&mut LineInput)| {
        let mut input = request_input();
        change(&mut input.lines[1]);
        faults_of(input, &referenced)
    };
    assert!(told(&|line| line.category_id = Some(category)).is_empty());
    assert_eq!(told(&|line| line.category_id = Some(CategoryId(Uuid::nil()))), ["/lines/1/category_id unknown"]);
    assert_eq!(told(&|line| line.product_id = Some(ProductId(Uuid::nil()))), ["/lines/1/product_id unknown"]);
    let by_name = |line: &mut LineInput| (line.names, line.product_id) = (Texts::new(), Some(product));
    assert!(told(&by_name).is_empty());
    assert_eq!(told(&|line| line.names = Texts::new()), ["/lines/1/name required"]);
    let both = |line: &mut LineInput| (line.category_id, line.product_id) = (Some(category), Some(product));
    assert_eq!(told(&both), ["/lines/1/product_id contradiction"]);
}

#[test]
fn what_is_specified_fits_the_category() {
    let (category, _, referenced) = referenced();
    let with = |key: &str, given: Given| {
        let mut input = request_input();
        input.lines[1].category_id = Some(category);
        input.lines[1].specification = BTreeMap::from([(key.to_owned(), given)]);
        input
    };
    let number = |value: &str, unit: Option<&str>| Given::Number { value: value.into(), unit: unit.map(String::from) };
    let mut faults = Faults::default();
    let checked = with("thickness", number("0.2", Some("CMT"))).check(&referenced, "", &mut faults).unwrap();
    let expected = AttributeValue::Number { value: dec("2"), unit: Some(unit("MMT")) };
    assert_eq!(checked.lines[1].specification["thickness"], expected);
    let told = |key, given| faults_of(with(key, given), &referenced);
    assert_eq!(told("thickness", number("0.2", None)), ["/lines/1/specification/thickness out_of_range"]);
    assert_eq!(told("thickness", number("2", Some("KGM"))), ["/lines/1/specification/thickness unit_mismatch"]);
    assert_eq!(told("colour", Given::Text("red".into())), ["/lines/1/specification/colour unknown_attribute"]);
}

#[test]
fn free_text_lines_are_specified_freely() {
    let specified = |key: &str, given: Given| {
        line_faults(|line| line.specification = BTreeMap::from([(key.to_owned(), given.clone())]))
    };
    assert!(specified("width", Given::Number { value: "1250".into(), unit: Some("MMT".into()) }).is_empty());
    assert!(specified("oiled", Given::YesNo(true)).is_empty());
    assert_eq!(specified("Width/mm", Given::YesNo(true)), ["/lines/1/specification/Width~1mm key"]);
    let no_unit = Given::Number { value: "1".into(), unit: Some("mm".into()) };
    assert_eq!(specified("width", no_unit), ["/lines/1/specification/width unit"]);
}

#[test]
fn a_framework_agreement_has_a_start_and_a_length() {
    let framework = |months, start| {
        move |input: &mut RequestInput| {
            input.procedure.preset = Some("framework".into());
            (input.framework_months, input.deadlines.start) = (months, start);
        }
    };
    assert_eq!(faults(framework(None, None)), ["/framework_months required", "/deadlines/start required"]);
    assert_eq!(faults(framework(Some(97), Some(day(9)))), ["/framework_months out_of_range"]);
    assert_eq!(faults(|input| input.framework_months = Some(12)), ["/framework_months not_taken"]);
    let mut input = request_input();
    framework(Some(3), Some(day(7)))(&mut input);
    let (first, after) = terms(input).framework_period().unwrap();
    assert_eq!((first.to_string(), after.to_string()), ("2026-12-01".into(), "2027-03-01".into()));
    assert_eq!(request().framework_period(), None);
}

#[test]
fn an_auction_at_the_end_needs_a_price_that_counts() {
    let told = faults(|input| {
        let procedure = &mut input.procedure;
        (procedure.final_auction, procedure.partial_quotes, procedure.alternatives) =
            (Some(true), Some(false), Some(false));
        let names = texts("Quality");
        let weight = "100".into();
        input.criteria = vec![CriterionInput { kind: "score".into(), key: Some("quality".into()), names, weight }];
    });
    assert_eq!(told, ["/procedure/final_auction contradiction"]);
}

#[test]
fn times_that_have_passed_are_not_published() {
    let mut input = request_input();
    input.lines[1].required_on = Some(day(-1));
    let told = terms(input).check_new(at(1_000)).unwrap_err().faults;
    let told: Vec<_> = told.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(told, ["/deadlines/questions", "/deadlines/quotes", "/lines/1/required_on"]);
}

#[test]
fn quoters_see_neither_hidden_targets_nor_each_other() {
    let mut input = request_input();
    (input.lines[1].target_price, input.lines[1].show_target) = (Some("700".into()), true);
    input.invitations = vec![company(1)];
    let shown = terms(input).for_quoters();
    assert_eq!(shown.lines[0].target, None);
    assert!(shown.lines[1].target.is_some());
    assert!(shown.invitations.is_empty());
}

#[test]
fn what_was_checked_can_be_sent_in_again() {
    let (category, product, referenced) = referenced();
    let mut input = request_input();
    input.lines[0].category_id = Some(category);
    input.lines[0].specification =
        BTreeMap::from([("thickness".into(), Given::Number { value: "2".into(), unit: None })]);
    input.lines[1].product_id = Some(product);
    input.invitations = vec![company(1)];
    let terms = input.check(&referenced, "", &mut Faults::default()).unwrap();
    assert_eq!(terms.input().check(&referenced, "", &mut Faults::default()), Some(terms.clone()));
    assert_eq!(terms.categories(), [category].into());
}
