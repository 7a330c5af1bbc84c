//! Attributes in JSON: definitions, and values of products.

use std::collections::BTreeMap;

use domain::catalogue::attribute::{AttributeKind, AttributeValue, Bounds, Choice, Definition, Given};
use domain::kernel::language::Texts;
use domain::kernel::{Faults, Refusal, Unit};
use infra::Failure;
use infra::catalogue::attribute::AttributeRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::catalogue::category::texts;

/// One of the values that a choice takes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AttributeChoice)]
pub struct ChoiceDto {
    /// What products state.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub key: String,
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
}

/// What a category asks of its products in one respect.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "key": "diameter", "name": {"en": "Diameter", "ru": "Диаметр"}, "kind": "number", "unit": "MMT", "required": true, "minimum": "1"
}))]
pub struct AttributeData {
    /// What products state the value under; unique in the category.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,39}$")]
    pub key: String,
    /// A name per language.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    /// `number`, `text`, `choice`, `yes_no` or `date`; fixed.
    #[schema(pattern = "^(number|text|choice|yes_no|date)$")]
    pub kind: String,
    /// Of a number: a code of UN/ECE Rec 20, in which values are kept and compared; fixed.
    #[schema(min_length = 2, max_length = 3)]
    pub unit: Option<String>,
    /// Every product of the category states it.
    #[serde(default)]
    #[schema(default = false)]
    pub required: bool,
    /// Of a choice: what there is to choose from.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub choices: Vec<ChoiceDto>,
    /// The least number, in the unit, or the earliest date.
    #[schema(max_length = 40)]
    pub minimum: Option<String>,
    /// The greatest number, in the unit, or the latest date.
    #[schema(max_length = 40)]
    pub maximum: Option<String>,
}

/// An attribute that holds for a category.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attribute)]
pub struct AttributeDto {
    #[serde(flatten)]
    pub data: AttributeData,
    /// The category that defines it.
    pub category_id: Uuid,
    /// It is defined by a category further up.
    pub inherited: bool,
}

/// A value of a product: a text, the key of a choice, a date, yes or no, or a number with its unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = AttributeValue)]
pub enum AttributeValueDto {
    YesNo(bool),
    Text(String),
    Number(NumberDto),
}

/// A number, in the attribute's unit or in one that converts into it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AttributeNumber, example = json!({"value": "12", "unit": "MMT"}))]
pub struct NumberDto {
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 2, max_length = 3)]
    pub unit: Option<String>,
}

/// The attributes of a product by key.
pub type Attributes = BTreeMap<String, AttributeValueDto>;

impl From<&AttributeValueDto> for Given {
    fn from(value: &AttributeValueDto) -> Self {
        match value.clone() {
            AttributeValueDto::YesNo(value) => Self::YesNo(value),
            AttributeValueDto::Text(text) => Self::Text(text),
            AttributeValueDto::Number(NumberDto { value, unit }) => Self::Number { value, unit },
        }
    }
}

impl From<AttributeValue> for AttributeValueDto {
    fn from(value: AttributeValue) -> Self {
        match value {
            AttributeValue::YesNo(value) => Self::YesNo(value),
            AttributeValue::Text(text) => Self::Text(text),
            AttributeValue::Number { value, unit } => {
                let unit = unit.map(|unit| unit.code().to_owned());
                Self::Number(NumberDto { value: value.normalize().to_string(), unit })
            }
        }
    }
}

impl AttributeData {
    /// The definition, if it is sound in itself.
    pub fn definition(&self) -> Result<Definition, Refusal> {
        let mut faults = Faults::default();
        let unit = self.unit.as_deref().map(Unit::parse).transpose();
        let unit = faults.keep("/unit", unit).flatten();
        let kind = faults.keep("/kind", AttributeKind::parse(&self.kind, unit));
        faults.result()?;
        let kind = kind.ok_or_else(|| Refusal::fault("/kind", "kind", "It is not a kind of attribute."))?;
        let choice = |choice: &ChoiceDto| Choice { key: choice.key.clone(), names: choice.name.clone() };
        let definition = Definition {
            key: self.key.clone(),
            names: self.name.clone(),
            kind,
            required: self.required,
            choices: self.choices.iter().map(choice).collect(),
            bounds: Bounds { minimum: self.minimum.clone(), maximum: self.maximum.clone() },
        };
        definition.check().map_err(|faults| Refusal::invalid(faults.0))?;
        Ok(definition)
    }

    pub fn of(row: &AttributeRow) -> Result<Self, Failure> {
        Ok(Self {
            key: row.key.clone(),
            name: texts(row.name.clone())?,
            kind: row.kind.clone(),
            unit: row.unit.clone(),
            required: row.required,
            choices: serde_json::from_value(row.choices.clone()).map_err(Failure::broken)?,
            minimum: row.minimum.clone(),
            maximum: row.maximum.clone(),
        })
    }
}

impl AttributeDto {
    /// As it holds for a category.
    pub fn of(row: &AttributeRow, category: Uuid) -> Result<Self, Failure> {
        let inherited = row.category_id != category;
        Ok(Self { data: AttributeData::of(row)?, category_id: row.category_id, inherited })
    }
}
