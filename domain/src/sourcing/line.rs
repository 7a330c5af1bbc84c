//! A line of a request: what is asked for, how much of it, and by when.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::line_input::LineInput;
use crate::catalogue::attribute::AttributeValue;
use crate::kernel::language::Texts;
use crate::kernel::{CategoryId, Date, DocumentId, ProductId, Quantity, UnitPrice};

/// The number by which a line is called; it keeps it through all versions of the request.
pub type LineNumber = u16;

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// What its name says.
    FreeText,
    /// Anything of the category that fits the specification.
    Category(CategoryId),
    Product(ProductId),
}

/// The price that the buyer hopes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// For one of the line's unit, in the currency in which quotes are compared.
    pub price: UnitPrice,
    /// Whether quoters may know it.
    pub shown: bool,
}

/// A line that passed the checks of [`LineInput`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub number: LineNumber,
    pub subject: Subject,
    /// May be empty for a product, which has names of its own.
    pub names: Texts,
    /// In the unit in which quotes are compared.
    pub quantity: Quantity,
    /// By attribute; those of a category in the units that it defines.
    pub specification: BTreeMap<String, AttributeValue>,
    pub target: Option<Target>,
    /// The day by which it is to be delivered.
    pub required_on: Option<Date>,
    pub documents: Vec<DocumentId>,
}

impl Line {
    /// The line as quoters may see it: without a target that is hidden from them.
    pub fn for_quoters(&self) -> Self {
        Self { target: self.target.filter(|target| target.shown), ..self.clone() }
    }

    /// The line as if it were sent in anew.
    pub fn input(&self) -> LineInput {
        let (category_id, product_id) = match self.subject {
            Subject::FreeText => (None, None),
            Subject::Category(id) => (Some(id), None),
            Subject::Product(id) => (None, Some(id)),
        };
        LineInput {
            number: Some(self.number),
            names: self.names.clone(),
            category_id,
            product_id,
            quantity: self.quantity.value().to_string(),
            unit: self.quantity.unit().code().to_owned(),
            specification: self.specification.iter().map(|(key, value)| (key.clone(), value.given())).collect(),
            target_price: self.target.map(|target| target.price.amount().to_string()),
            show_target: self.target.is_some_and(|target| target.shown),
            required_on: self.required_on,
            documents: self.documents.clone(),
        }
    }
}
