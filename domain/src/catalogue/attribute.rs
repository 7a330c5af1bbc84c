//! Typed attributes of products: defined per category, inherited down the tree, and checked at every product.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::kernel::language::{Texts, check_texts};
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Date, Faults, Unit};

/// The most attributes that one category defines itself, and the most choices of one attribute.
pub const MAX_ATTRIBUTES: usize = 100;
pub const MAX_CHOICES: usize = 500;
const LONGEST_KEY: usize = 40;
const LONGEST_NAME: usize = 200;
const LONGEST_TEXT: usize = 500;

/// What an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributeKind {
    /// A decimal number, in a unit where the attribute has one.
    Number(Option<Unit>),
    Text,
    /// One of the choices.
    Choice,
    YesNo,
    Date,
}

impl AttributeKind {
    /// A kind after its code; only numbers have a unit.
    pub fn parse(code: &str, unit: Option<Unit>) -> Result<Self, Invalid> {
        match (code, unit) {
            ("number", unit) => Ok(Self::Number(unit)),
            (_, Some(_)) => Err(Invalid::new("unit_not_taken", "Only a number has a unit.")),
            ("text", None) => Ok(Self::Text),
            ("choice", None) => Ok(Self::Choice),
            ("yes_no", None) => Ok(Self::YesNo),
            ("date", None) => Ok(Self::Date),
            _ => Err(Invalid::new("kind", format!("`{code}` is not a kind of attribute."))),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Number(_) => "number",
            Self::Text => "text",
            Self::Choice => "choice",
            Self::YesNo => "yes_no",
            Self::Date => "date",
        }
    }

    pub fn unit(self) -> Option<Unit> {
        match self {
            Self::Number(unit) => unit,
            _ => None,
        }
    }
}

/// One of the values that a choice takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub key: String,
    pub names: Texts,
}

/// The least and the greatest value, as they are written: numbers in the attribute's unit, or dates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    pub minimum: Option<String>,
    pub maximum: Option<String>,
}

/// What a category says of one attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    pub key: String,
    pub names: Texts,
    pub kind: AttributeKind,
    pub required: bool,
    pub choices: Vec<Choice>,
    pub bounds: Bounds,
}

/// A value as a seller states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    Text(String),
    YesNo(bool),
    Number { value: String, unit: Option<String> },
}

/// A value that fits its definition: numbers in the attribute's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttributeValue {
    Number { value: Decimal, unit: Option<Unit> },
    Text(String),
    YesNo(bool),
}

impl Definition {
    /// Checks a definition by itself, with pointers to the members of its JSON.
    pub fn check(&self) -> Result<(), Faults> {
        let mut faults = Faults::default();
        faults.keep("/key", check_key(&self.key));
        faults.keep("/name", check_texts(&self.names, LONGEST_NAME));
        self.check_choices(&mut faults);
        self.check_bounds(&mut faults);
        if faults.0.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn check_choices(&self, faults: &mut Faults) {
        let is_choice = self.kind == AttributeKind::Choice;
        match self.choices.len() {
            0 if is_choice => faults.add("/choices", "required", "A choice needs something to choose from."),
            1.. if !is_choice => faults.add("/choices", "choices_not_taken", "Only a choice has choices."),
            count if count > MAX_CHOICES => {
                faults.add("/choices", "too_many", format!("There are at most {MAX_CHOICES} choices."));
            }
            _ => {}
        }
        let mut seen = BTreeSet::new();
        for (index, choice) in self.choices.iter().enumerate().take(MAX_CHOICES) {
            faults.keep(format!("/choices/{index}/key"), check_key(&choice.key));
            faults.keep(format!("/choices/{index}/name"), check_texts(&choice.names, LONGEST_NAME));
            if !seen.insert(&choice.key) {
                faults.add(format!("/choices/{index}/key"), "twice", "This choice is there already.");
            }
        }
    }

    fn check_bounds(&self, faults: &mut Faults) {
        let Bounds { minimum, maximum } = &self.bounds;
        let read = |text: &Option<String>, pointer: &str, faults: &mut Faults| {
            text.as_ref().and_then(|text| faults.keep(pointer, self.comparable(text)))
        };
        let (least, greatest) = (read(minimum, "/minimum", faults), read(maximum, "/maximum", faults));
        if let (Some(least), Some(greatest)) = (least, greatest)
            && least > greatest
        {
            faults.add("/maximum", "out_of_range", "The maximum is below the minimum.");
        }
    }

    /// A number or date in an order of its own; refuses what has none.
    fn comparable(&self, text: &str) -> Result<Decimal, Invalid> {
        match self.kind {
            AttributeKind::Number(_) => check_number(parse_decimal(text)?),
            AttributeKind::Date => {
                parse_date(text).map(|date| Decimal::from(chrono::Datelike::num_days_from_ce(&date)))
            }
            _ => Err(Invalid::new("bounds_not_taken", "Only numbers and dates have bounds.")),
        }
    }

    /// The value as it is kept.
    pub fn value(&self, given: &Given) -> Result<AttributeValue, Invalid> {
        match (self.kind, given) {
            (AttributeKind::Number(own), Given::Number { value, unit }) => self.number(own, value, unit.as_deref()),
            (AttributeKind::Number(own), Given::Text(value)) => self.number(own, value, None),
            (AttributeKind::Text, Given::Text(text)) => check_text(text).map(AttributeValue::Text),
            (AttributeKind::Choice, Given::Text(key)) if self.choices.iter().any(|choice| choice.key == *key) => {
                Ok(AttributeValue::Text(key.clone()))
            }
            (AttributeKind::Choice, Given::Text(key)) => {
                Err(Invalid::new("not_one_of", format!("`{key:.40}` is not one of the choices.")))
            }
            (AttributeKind::YesNo, Given::YesNo(value)) => Ok(AttributeValue::YesNo(*value)),
            (AttributeKind::Date, Given::Text(text)) => {
                self.check_range(self.comparable(text)?)?;
                Ok(AttributeValue::Text(text.clone()))
            }
            _ => Err(Invalid::new("wrong_type", format!("Expected: {}.", self.kind.expected()))),
        }
    }

    fn number(&self, own: Option<Unit>, value: &str, unit: Option<&str>) -> Result<AttributeValue, Invalid> {
        let value = parse_decimal(value)?;
        let given = unit.map(Unit::parse).transpose()?;
        let value = match (given, own) {
            (None, _) => value,
            (Some(given), Some(own)) => {
                let ratio = given.ratio_to(own).ok_or_else(|| {
                    Invalid::new(
                        "unit_mismatch",
                        format!("The attribute is in {own}, into which {given} does not convert."),
                    )
                })?;
                let inexact = || Invalid::new("inexact", format!("In {own} it would have more than 6 decimals."));
                ratio.apply(value).ok_or_else(inexact)?
            }
            (Some(_), None) => return Err(Invalid::new("unit_not_taken", "The attribute has no unit.")),
        };
        let value = check_number(value)?.normalize();
        self.check_range(value)?;
        Ok(AttributeValue::Number { value, unit: own })
    }

    fn check_range(&self, value: Decimal) -> Result<(), Invalid> {
        let bound = |text: &Option<String>| text.as_ref().and_then(|text| self.comparable(text).ok());
        let Bounds { minimum, maximum } = &self.bounds;
        let below = bound(minimum).is_some_and(|least| value < least);
        if below || bound(maximum).is_some_and(|greatest| value > greatest) {
            let (least, greatest) = (minimum.as_deref().unwrap_or("…"), maximum.as_deref().unwrap_or("…"));
            return Err(Invalid::new("out_of_range", format!("It lies between {least} and {greatest}.")));
        }
        Ok(())
    }

    /// Whether another definition may stand for the same key above or below this one.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl AttributeKind {
    fn expected(self) -> &'static str {
        match self {
            Self::Number(_) => "a number, perhaps with a unit",
            Self::Text => "a text",
            Self::Choice => "the key of a choice",
            Self::YesNo => "true or false",
            Self::Date => "a date such as 2026-11-24",
        }
    }
}

impl AttributeValue {
    /// The value as if it were stated anew.
    pub fn given(&self) -> Given {
        match self {
            Self::Number { value, unit } => {
                Given::Number { value: value.to_string(), unit: unit.map(|unit| unit.code().to_owned()) }
            }
            Self::Text(text) => Given::Text(text.clone()),
            Self::YesNo(value) => Given::YesNo(*value),
        }
    }
}

/// What holds for a category: of the definitions from the root down to it, the nearest of each key.
pub fn effective<T>(definitions: impl IntoIterator<Item = T>, key: impl Fn(&T) -> String) -> BTreeMap<String, T> {
    definitions.into_iter().map(|one| (key(&one), one)).collect()
}

/// Judges a product's attributes by what holds for its category; all faults at once, with pointers below `/attributes`.
pub fn check_attributes<'a>(
    definitions: impl IntoIterator<Item = &'a Definition>,
    given: &BTreeMap<String, Given>,
) -> Result<BTreeMap<String, AttributeValue>, Faults> {
    let (mut faults, mut values) = (Faults::default(), BTreeMap::new());
    let mut unknown: BTreeSet<&str> = given.keys().map(String::as_str).collect();
    for definition in definitions {
        let key = &definition.key;
        unknown.remove(key.as_str());
        match given.get(key) {
            Some(value) => {
                let value = faults.keep(format!("/attributes/{key}"), definition.value(value));
                values.extend(value.map(|value| (key.clone(), value)));
            }
            None if definition.required => {
                faults.add(format!("/attributes/{key}"), "required", "The category asks for this attribute.");
            }
            None => {}
        }
    }
    for key in unknown {
        let pointer = format!("/attributes/{}", key.replace('~', "~0").replace('/', "~1"));
        faults.add(pointer, "unknown_attribute", "The category has no such attribute.");
    }
    if faults.0.is_empty() { Ok(values) } else { Err(faults) }
}

/// Keys are words for machines: small letters, digits and underscores, a letter first.
pub fn check_key(key: &str) -> Result<(), Invalid> {
    let plain = key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let letter_first = key.starts_with(|c: char| c.is_ascii_lowercase());
    if plain && letter_first && key.len() <= LONGEST_KEY {
        return Ok(());
    }
    let detail = format!("A key has 1 to {LONGEST_KEY} small letters, digits and underscores, a letter first.");
    Err(Invalid::new("key", detail))
}

fn check_text(text: &str) -> Result<String, Invalid> {
    if text.trim().is_empty() || text.contains('\0') {
        return Err(Invalid::new("blank", "The text is blank."));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(Invalid::new("too_long", format!("The text is longer than {LONGEST_TEXT} characters.")));
    }
    Ok(text.to_owned())
}

/// Numbers of attributes may be negative, unlike quantities.
fn check_number(value: Decimal) -> Result<Decimal, Invalid> {
    if value.normalize().scale() > 6 {
        return Err(Invalid::new("too_precise", "A number has at most 6 decimals."));
    }
    if value.abs() > crate::kernel::quantity::MAX_QUANTITY {
        return Err(Invalid::new("out_of_range", "The number is too large."));
    }
    Ok(value)
}

fn parse_date(text: &str) -> Result<Date, Invalid> {
    let form = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    let date = if form { text.parse().ok() } else { None };
    date.ok_or_else(|| Invalid::new("date", "A date such as 2026-11-24 is expected."))
}

#[cfg(test)]
#[path = "attribute/tests.rs"]
mod tests;
