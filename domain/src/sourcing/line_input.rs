//! A line as it is sent in, and the checks of it.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::line::{Line, LineNumber, Subject, Target};
use crate::catalogue::attribute::{
    AttributeKind, AttributeValue, Bounds, Definition, Given, MAX_ATTRIBUTES, check_key,
};
use crate::kernel::language::{Texts, check_texts};
use crate::kernel::money::parse_decimal;
use crate::kernel::refusal::Invalid;
use crate::kernel::{CategoryId, Currency, Date, DocumentId, Faults, ProductId, Quantity, Unit, UnitPrice};

/// The most lines of a request.
pub const MAX_LINES: usize = 500;

/// The most documents of a request, and of each of its lines.
pub const MAX_DOCUMENTS: usize = 50;

const LONGEST_NAME: usize = 500;

/// A line as it is sent in. The names of the fields are those of the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineInput {
    /// The next free one if nothing is said.
    pub number: Option<LineNumber>,
    pub names: Texts,
    pub category_id: Option<CategoryId>,
    pub product_id: Option<ProductId>,
    pub quantity: String,
    pub unit: String,
    pub specification: BTreeMap<String, Given>,
    pub target_price: Option<String>,
    pub show_target: bool,
    pub required_on: Option<Date>,
    pub documents: Vec<DocumentId>,
}

/// What lines refer to. What is not in it does not exist for the buyer.
#[derive(Debug, Clone, Default)]
pub struct Referenced {
    /// With the attributes that hold for each.
    pub categories: BTreeMap<CategoryId, Vec<Definition>>,
    pub products: BTreeSet<ProductId>,
}

/// Checks all lines, with pointers such as `/lines/3/quantity`. `currency` is that of target prices; they are not checked without one.
pub(super) fn check_lines(
    inputs: &[LineInput],
    currency: Option<Currency>,
    referenced: &Referenced,
    pointer: &str,
    faults: &mut Faults,
) -> Option<Vec<Line>> {
    if !(1..=MAX_LINES).contains(&inputs.len()) {
        faults.add(pointer, "out_of_range", format!("A request has 1 to {MAX_LINES} lines."));
        return None;
    }
    let mut free = inputs.iter().filter_map(|input| input.number).max().unwrap_or(0);
    let mut taken = BTreeSet::new();
    let mut lines = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.iter().enumerate() {
        let at = format!("{pointer}/{index}");
        let number = input.number.unwrap_or_else(|| {
            free = free.saturating_add(1);
            free
        });
        if number == 0 {
            faults.add(format!("{at}/number"), "out_of_range", "Lines are numbered from 1 on.");
        } else if !taken.insert(number) {
            faults.add(format!("{at}/number"), "twice", format!("There is a line {number} already."));
        }
        lines.extend(input.check(number, currency, referenced, &at, faults));
    }
    (lines.len() == inputs.len()).then_some(lines)
}

impl LineInput {
    fn check(
        &self,
        number: LineNumber,
        currency: Option<Currency>,
        referenced: &Referenced,
        pointer: &str,
        faults: &mut Faults,
    ) -> Option<Line> {
        let before = faults.0.len();
        let at = |name: &str| format!("{pointer}/{name}");
        let subject = self.subject(referenced, pointer, faults);
        if !self.names.is_empty() || self.product_id.is_none() {
            faults.keep(at("name"), check_texts(&self.names, LONGEST_NAME));
        }
        let unit = faults.keep(at("unit"), Unit::parse(&self.unit));
        let value = faults.keep(at("quantity"), parse_decimal(&self.quantity));
        let quantity =
            unit.zip(value).and_then(|(unit, value)| faults.keep(at("quantity"), Quantity::new(value, unit)));
        let specification = self.specification(referenced, pointer, faults);
        let target = self.target(quantity, currency, pointer, faults);
        faults.keep(at("documents"), check_documents(&self.documents));
        let line = Line {
            number,
            subject: subject?,
            names: self.names.clone(),
            quantity: quantity?,
            specification,
            target,
            required_on: self.required_on,
            documents: self.documents.clone(),
        };
        (faults.0.len() == before).then_some(line)
    }

    fn subject(&self, referenced: &Referenced, pointer: &str, faults: &mut Faults) -> Option<Subject> {
        match (self.category_id, self.product_id) {
            (None, None) => Some(Subject::FreeText),
            (Some(_), Some(_)) => {
                faults.add(
                    format!("{pointer}/product_id"),
                    "contradiction",
                    "It is a category or a product, not both.",
                );
                None
            }
            (Some(id), None) if referenced.categories.contains_key(&id) => Some(Subject::Category(id)),
            (Some(_), None) => {
                faults.add(format!("{pointer}/category_id"), "unknown", "There is no such category.");
                None
            }
            (None, Some(id)) if referenced.products.contains(&id) => Some(Subject::Product(id)),
            (None, Some(_)) => {
                faults.add(format!("{pointer}/product_id"), "unknown", "There is no such product.");
                None
            }
        }
    }

    /// What is specified fits the category where the line is about one; otherwise any key may be used. Nothing is required: a buyer
    /// says what matters.
    fn specification(
        &self,
        referenced: &Referenced,
        pointer: &str,
        faults: &mut Faults,
    ) -> BTreeMap<String, AttributeValue> {
        let at = format!("{pointer}/specification");
        if self.specification.len() > MAX_ATTRIBUTES {
            faults.add(at, "too_many", format!("There are at most {MAX_ATTRIBUTES} attributes."));
            return BTreeMap::new();
        }
        let definitions = self.category_id.and_then(|id| referenced.categories.get(&id));
        let mut checked = BTreeMap::new();
        for (key, given) in &self.specification {
            let definition = definitions.map(|all| all.iter().find(|definition| definition.key == *key));
            let value = match definition {
                Some(Some(definition)) => definition.value(given),
                Some(None) => Err(Invalid::new("unknown_attribute", "The category has no such attribute.")),
                None => undefined(key, given),
            };
            let value = faults.keep(format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), value);
            checked.extend(value.map(|value| (key.clone(), value)));
        }
        checked
    }

    fn target(
        &self,
        quantity: Option<Quantity>,
        currency: Option<Currency>,
        pointer: &str,
        faults: &mut Faults,
    ) -> Option<Target> {
        let at = |name: &str| format!("{pointer}/{name}");
        let Some(text) = &self.target_price else {
            if self.show_target {
                faults.add(at("show_target"), "contradiction", "There is no target price to show.");
            }
            return None;
        };
        let amount = faults.keep(at("target_price"), parse_decimal(text))?;
        let price = faults.keep(at("target_price"), check_price(amount, currency?))?;
        if let Some(quantity) = quantity {
            faults.keep(at("target_price"), price.line_amount(quantity.value(), Decimal::ZERO));
        }
        Some(Target { price, shown: self.show_target })
    }
}

/// The value of an attribute that no category defines.
fn undefined(key: &str, given: &Given) -> Result<AttributeValue, Invalid> {
    check_key(key)?;
    let kind = match given {
        Given::Text(_) => AttributeKind::Text,
        Given::YesNo(_) => AttributeKind::YesNo,
        Given::Number { unit, .. } => AttributeKind::Number(unit.as_deref().map(Unit::parse).transpose()?),
    };
    let (names, choices) = (Texts::new(), Vec::new());
    let definition =
        Definition { key: key.to_owned(), names, kind, required: false, choices, bounds: Bounds::default() };
    definition.value(given)
}

/// A price that asks for something: more than zero.
pub(super) fn check_price(amount: Decimal, currency: Currency) -> Result<UnitPrice, Invalid> {
    let price = UnitPrice::stated(amount, currency)?;
    if amount.is_zero() {
        return Err(Invalid::new("not_positive", "A price is more than zero."));
    }
    Ok(price)
}

/// So many documents at most, none of them twice.
pub(super) fn check_documents(documents: &[DocumentId]) -> Result<(), Invalid> {
    if documents.len() > MAX_DOCUMENTS {
        return Err(Invalid::new("too_many", format!("There are at most {MAX_DOCUMENTS} documents.")));
    }
    let different: BTreeSet<_> = documents.iter().collect();
    if different.len() < documents.len() {
        return Err(Invalid::new("twice", "A document is named twice."));
    }
    Ok(())
}
