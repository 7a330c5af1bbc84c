use super::*;

fn definition(key: &str, kind: AttributeKind) -> Definition {
    let names = [("en".to_owned(), key.to_owned())].into();
    Definition { key: key.into(), names, kind, required: false, choices: Vec::new(), bounds: Bounds::default() }
}

fn bounds(minimum: &str, maximum: &str) -> Bounds {
    Bounds { minimum: Some(minimum.into()), maximum: Some(maximum.into()) }
}

fn millimetres() -> AttributeKind {
    AttributeKind::Number(Some(Unit::parse("MMT").unwrap()))
}

fn grade() -> Definition {
    let choice = |key: &str| Choice { key: key.into(), names: [("en".to_owned(), key.to_owned())].into() };
    Definition { choices: vec![choice("a400"), choice("a500c")], ..definition("grade", AttributeKind::Choice) }
}

fn number(value: &str, unit: Option<&str>) -> Given {
    Given::Number { value: value.into(), unit: unit.map(str::to_owned) }
}

fn text(text: &str) -> Given {
    Given::Text(text.into())
}

fn codes(faults: Faults) -> Vec<(String, &'static str)> {
    faults.0.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

#[test]
fn a_number_is_taken_in_any_unit_that_converts_and_kept_in_the_attributes_own() {
    let diameter = Definition { bounds: bounds("1", "500"), ..definition("diameter", millimetres()) };
    let kept = |given: Given| match diameter.value(&given) {
        Ok(AttributeValue::Number { value, unit }) => Ok((value.to_string(), unit.unwrap().code())),
        Ok(other) => panic!("{other:?}"),
        Err(invalid) => Err(invalid.code),
    };
    assert_eq!(kept(number("12", Some("MMT"))), Ok(("12".into(), "MMT")));
    assert_eq!(kept(number("0.012", Some("MTR"))), Ok(("12".into(), "MMT")));
    assert_eq!(kept(number("0.5", Some("INH"))), Ok(("12.7".into(), "MMT")));
    assert_eq!(kept(text("12.50")), Ok(("12.5".into(), "MMT")));
    assert_eq!(kept(number("12", Some("KGM"))), Err("unit_mismatch"));
    assert_eq!(kept(number("12", Some("mm"))), Err("unit"));
    assert_eq!(kept(number("1", Some("MTR"))), Err("out_of_range"));
    assert_eq!(kept(number("0.0000001", Some("INH"))), Err("inexact"));
    assert_eq!(kept(Given::YesNo(true)), Err("wrong_type"));
    assert_eq!(kept(number("1e3", None)), Err("decimal"));
    let plain = definition("count", AttributeKind::Number(None));
    assert_eq!(plain.value(&number("1", Some("C62"))).unwrap_err().code, "unit_not_taken");
}

#[test]
fn every_kind_takes_its_own_values_only() {
    let date = Definition { bounds: bounds("2020-01-01", "2029-12-31"), ..definition("made", AttributeKind::Date) };
    let code = |definition: &Definition, given: Given| definition.value(&given).err().map(|invalid| invalid.code);
    for (definition, given, expected) in [
        (&grade(), text("a500c"), None),
        (&grade(), text("A500C"), Some("not_one_of")),
        (&date, text("2026-11-24"), None),
        (&date, text("2030-01-01"), Some("out_of_range")),
        (&date, text("2026-02-30"), Some("date")),
        (&date, text("26-2-3"), Some("date")),
        (&definition("zinc", AttributeKind::YesNo), Given::YesNo(false), None),
        (&definition("zinc", AttributeKind::YesNo), text("yes"), Some("wrong_type")),
        (&definition("finish", AttributeKind::Text), text("matt"), None),
        (&definition("finish", AttributeKind::Text), text(" "), Some("blank")),
        (&definition("finish", AttributeKind::Text), text(&"x".repeat(501)), Some("too_long")),
    ] {
        assert_eq!(code(definition, given.clone()), expected, "{given:?}");
    }
}

#[test]
fn all_faults_of_a_product_are_told_at_once() {
    let needed = Definition { required: true, ..definition("weight", AttributeKind::Number(None)) };
    let definitions = [needed, grade(), definition("zinc", AttributeKind::YesNo)];
    let given = [("grade", text("x")), ("zinc", Given::YesNo(true)), ("a/b", text("y"))];
    let given = given.map(|(key, value)| (key.to_owned(), value)).into();
    assert_eq!(
        codes(check_attributes(&definitions, &given).unwrap_err()),
        [
            ("/attributes/weight".to_owned(), "required"),
            ("/attributes/grade".to_owned(), "not_one_of"),
            ("/attributes/a~1b".to_owned(), "unknown_attribute"),
        ]
    );
}

#[test]
fn what_was_kept_fits_again() {
    let definitions = [definition("diameter", millimetres()), grade()];
    let given = [("diameter", number("1.27", Some("CMT"))), ("grade", text("a400"))];
    let kept = check_attributes(&definitions, &given.map(|(k, v)| (k.to_owned(), v)).into()).unwrap();
    let again = kept.iter().map(|(key, value)| (key.clone(), value.given())).collect();
    assert_eq!(check_attributes(&definitions, &again).unwrap(), kept);
}

#[test]
fn the_nearest_definition_of_a_key_holds() {
    let from_the_root_down = [("a", 1), ("b", 1), ("a", 2)];
    let found = effective(from_the_root_down, |(key, _)| (*key).to_owned());
    assert_eq!(found.into_values().collect::<Vec<_>>(), [("a", 2), ("b", 1)]);
}

#[test]
fn faults_of_a_definition_have_their_places() {
    let bad = Definition {
        key: "Größe".into(),
        names: Texts::new(),
        choices: grade().choices,
        bounds: bounds("5", "4"),
        ..definition("x", millimetres())
    };
    let expected =
        [("/key", "key"), ("/name", "required"), ("/choices", "choices_not_taken"), ("/maximum", "out_of_range")];
    assert_eq!(codes(bad.check().unwrap_err()), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    let mut twice = grade();
    twice.choices.push(twice.choices[0].clone());
    assert_eq!(codes(twice.check().unwrap_err()), [("/choices/2/key".to_owned(), "twice")]);
    let empty = Definition { choices: Vec::new(), bounds: bounds("1", "2"), ..grade() };
    let found: Vec<&str> = codes(empty.check().unwrap_err()).into_iter().map(|(_, code)| code).collect();
    assert_eq!(found, ["required", "bounds_not_taken", "bounds_not_taken"]);
    assert!(grade().check().is_ok());
    assert_eq!(AttributeKind::parse("text", Some(Unit::parse("KGM").unwrap())).unwrap_err().code, "unit_not_taken");
    assert_eq!(AttributeKind::parse("float", None).unwrap_err().code, "kind");
}
