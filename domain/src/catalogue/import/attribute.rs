//! Attributes in cells.

use super::mapping::Mapping;
use super::row::with_point;
use crate::catalogue::attribute::{AttributeKind, Definition, Given};
use crate::kernel::Unit;
use crate::kernel::refusal::Invalid;

/// What a cell states of an attribute; without a definition it is a text, which the rules refuse.
pub fn given(definition: Option<&Definition>, cell: &str, mapping: &Mapping) -> Result<Given, Invalid> {
    let plain = cell.trim();
    match definition.map(|definition| definition.kind) {
        None | Some(AttributeKind::Text) => Ok(Given::Text(cell.to_owned())),
        Some(AttributeKind::Choice) => Ok(Given::Text(plain.to_owned())),
        Some(AttributeKind::Date) => Ok(Given::Text(mapping.date_format.to_iso(plain))),
        Some(AttributeKind::YesNo) => match plain {
            "true" | "1" | "yes" | "да" => Ok(Given::YesNo(true)),
            "false" | "0" | "no" | "нет" => Ok(Given::YesNo(false)),
            _ => Err(Invalid::new("wrong_type", "Write true or false.")),
        },
        Some(AttributeKind::Number(_)) => {
            let own = definition.and_then(|definition| definition.kind.unit());
            let (value, unit) = match plain.rsplit_once(char::is_whitespace) {
                Some((value, unit)) if is_unit(unit, own) => (value.trim_end(), Some(unit.to_owned())),
                _ => (plain, None),
            };
            Ok(Given::Number { value: number(value, mapping)?, unit })
        }
    }
}

/// What an object states of an attribute by a number and its unit.
pub fn given_quantity(value: &str, unit: &str, mapping: &Mapping) -> Result<Given, Invalid> {
    Ok(Given::Number { value: number(value, mapping)?, unit: Some(unit.to_owned()) })
}

/// Whether the last word of a number is its unit. A code of digits is one only where the attribute is in it: elsewhere it is the end
/// of `1 234`.
fn is_unit(word: &str, own: Option<Unit>) -> bool {
    word.chars().any(char::is_alphabetic)
        || word.starts_with(|c: char| !c.is_ascii_digit())
        || own.is_some_and(|own| own.code() == word)
}

fn number(text: &str, mapping: &Mapping) -> Result<String, Invalid> {
    if mapping.decimal_comma { with_point(text) } else { Ok(text.to_owned()) }
}

/// A value as a cell, as [`given`] reads it.
pub fn written(value: &Given) -> String {
    match value {
        Given::Text(text) => text.clone(),
        Given::YesNo(value) => value.to_string(),
        Given::Number { value, unit: None } => value.clone(),
        Given::Number { value, unit: Some(unit) } => format!("{value} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::attribute::Bounds;
    use crate::catalogue::import::DateFormat;

    #[test]
    fn cells_are_read_as_the_category_defines_them() {
        let read = |kind: AttributeKind, cell: &str| {
            let definition = Definition {
                key: "k".into(),
                names: Default::default(),
                kind,
                required: false,
                choices: Vec::new(),
                bounds: Bounds::default(),
            };
            let russian = Mapping { decimal_comma: true, date_format: DateFormat::DayMonthYear, ..Mapping::default() };
            given(Some(&definition), cell, &russian)
        };
        let number =
            |value: &str, unit: Option<&str>| Given::Number { value: value.into(), unit: unit.map(str::to_owned) };
        assert_eq!(read(AttributeKind::Number(None), "1\u{a0}234,5"), Ok(number("1234.5", None)));
        assert_eq!(read(AttributeKind::Number(None), "1 234,5"), Ok(number("1234.5", None)));
        let density = AttributeKind::Number(Some(Unit::parse("23").unwrap()));
        assert_eq!(read(density, "7,85 23"), Ok(number("7.85", Some("23"))));
        assert_eq!(read(density, "1 523"), Ok(number("1523", None)));
        assert_eq!(read(AttributeKind::Number(None), "7 23"), Ok(number("723", None)));
        assert_eq!(written(&number("12", Some("23"))), "12 23");
        assert_eq!(read(AttributeKind::Number(None), "12,5 MMT"), Ok(number("12.5", Some("MMT"))));
        assert_eq!(read(AttributeKind::YesNo, " да "), Ok(Given::YesNo(true)));
        assert_eq!(read(AttributeKind::Date, "24.11.2026"), Ok(Given::Text("2026-11-24".into())));
        assert_eq!(read(AttributeKind::Text, " x "), Ok(Given::Text(" x ".into())));
        assert_eq!(read(AttributeKind::YesNo, "x").unwrap_err().code, "wrong_type");
        assert_eq!(written(&number("12.5", Some("MMT"))), "12.5 MMT");
    }
}
