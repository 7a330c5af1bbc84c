//! Products in JSON.

use domain::catalogue::{Pack, ProductInput};
use domain::kernel::language::Texts;
use domain::kernel::money::parse_decimal;
use domain::kernel::{Faults, Refusal, Unit};
use infra::Failure;
use infra::catalogue::code_list::ProductCode;
use infra::catalogue::product::{ProductRow, StockRow};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::catalogue::attribute::dto::Attributes;
use crate::catalogue::category::texts;
use crate::http::dto::Time;

/// The tax on a product: a category of UNCL5305 (`S`, `Z`, `E`, `AE`, `K`, `G`, `O`) and a rate in percent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Tax, example = json!({"category": "S", "rate": "19"}))]
pub struct TaxDto {
    #[schema(pattern = "^(S|Z|E|AE|K|G|O)$")]
    pub category: String,
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub rate: String,
}

/// What a seller says of a product.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "sku": "CHAI-10", "name": {"en": "Chai, 10 boxes of 20 bags", "ru": "Чай, 10 коробок по 20 пакетиков"}, "base_unit": "C62",
    "tax": {"category": "S", "rate": "19"}, "minimum_order": "1", "order_multiple": "1", "lead_time_days": 3,
    "attributes": {"organic": true, "net_weight": {"value": "400", "unit": "GRM"}}, "codes": [{"list": "okpd2", "code": "10.83.13"}]
}))]
pub struct ProductData {
    /// The seller's own number, unique with it.
    #[schema(min_length = 1, max_length = 64)]
    pub sku: String,
    /// GTIN-8, -12, -13 or -14.
    #[schema(max_length = 14)]
    pub gtin: Option<String>,
    /// A name per language.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub description: Texts,
    pub category_id: Option<Uuid>,
    /// Prices, stock and orders are counted in it: a code of UN/ECE Rec 20.
    #[schema(min_length = 2, max_length = 3)]
    pub base_unit: String,
    pub tax: TaxDto,
    /// The smallest quantity of an order line; 1 by default.
    #[serde(default = "one")]
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40, default = "1")]
    pub minimum_order: String,
    /// Quantities of an order line are multiples of it; 1 by default.
    #[serde(default = "one")]
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40, default = "1")]
    pub order_multiple: String,
    /// Days from the order to the despatch.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 3650, default = 0)]
    pub lead_time_days: i32,
    /// By the keys that the category defines.
    #[serde(default)]
    pub attributes: Attributes,
    /// Other units that it can be ordered in, and what they hold.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub packs: Vec<PackDto>,
    /// At most one of each code list.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub codes: Vec<ProductCodeDto>,
}

/// One of this unit holds so much of the base unit: a pack of 12, a bundle of 2.4 t.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Pack, example = json!({"unit": "XBE", "name": {"en": "Bundle"}, "quantity_of_base": "2.4"}))]
pub struct PackDto {
    /// A code of UN/ECE Rec 20 that does not convert into the base unit by itself, such as `NMP` (pack) or `XBE` (bundle).
    #[schema(min_length = 2, max_length = 3)]
    pub unit: String,
    #[serde(default, skip_serializing_if = "Texts::is_empty")]
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub name: Texts,
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity_of_base: String,
}

/// The packs of a product as they are kept.
pub fn packs_of(kept: &serde_json::Value) -> Result<Vec<Pack>, Failure> {
    // Most products have none.
    if kept.as_array().is_some_and(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let kept: Vec<PackDto> = Deserialize::deserialize(kept).map_err(Failure::broken)?;
    let pack = |pack: PackDto| {
        Ok(Pack {
            unit: Unit::parse(&pack.unit)?,
            names: pack.name,
            quantity_of_base: parse_decimal(&pack.quantity_of_base)?,
        })
    };
    kept.into_iter().map(pack).collect()
}

/// A code of a code list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProductCode, example = json!({"list": "okpd2", "code": "10.83.13"}))]
pub struct ProductCodeDto {
    /// The key of the list.
    #[schema(min_length = 1, max_length = 40)]
    pub list: String,
    #[schema(min_length = 1, max_length = 40)]
    pub code: String,
}

fn one() -> String {
    "1".into()
}

/// A new product and what is in stock of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "product": {"sku": "CHAI-10", "name": {"en": "Chai, 10 boxes of 20 bags"}, "base_unit": "C62", "tax": {"category": "S", "rate": "19"}},
    "on_hand": "39"
}))]
pub struct NewProduct {
    pub product: ProductData,
    /// In the base unit; nothing by default.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub on_hand: Option<String>,
}

/// What is counted in the warehouse.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"on_hand": "120"}))]
pub struct StockCount {
    /// In the base unit; not below what orders have reserved.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub on_hand: String,
}

/// A product as its seller sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductDto {
    pub id: Uuid,
    #[serde(flatten)]
    pub data: ProductData,
    pub stock: StockDto,
    pub archived: bool,
    pub created_at: Time,
}

/// What a seller has of a product, in its base unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Stock, example = json!({"on_hand": "39", "reserved": "4", "available": "35"}))]
pub struct StockDto {
    pub on_hand: String,
    /// Promised to orders and not yet despatched.
    pub reserved: String,
    pub available: String,
}

/// Which products to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProductQuery {
    pub sku: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

impl ProductData {
    /// What the rules want to see; numbers that are none are faults already here.
    pub fn input(&self) -> Result<ProductInput, Refusal> {
        let mut faults = Faults::default();
        let mut number = |pointer: &str, text: &str| faults.keep(pointer, parse_decimal(text)).unwrap_or_default();
        let input = ProductInput {
            sku: self.sku.clone(),
            gtin: self.gtin.clone(),
            names: self.name.clone(),
            descriptions: self.description.clone(),
            unit: self.base_unit.clone(),
            minimum_order: number("/minimum_order", &self.minimum_order),
            order_multiple: number("/order_multiple", &self.order_multiple),
            lead_time_days: self.lead_time_days,
            tax_category: self.tax.category.clone(),
            tax_rate: number("/tax/rate", &self.tax.rate),
        };
        faults.result()?;
        Ok(input)
    }

    /// `codes` are those of this product, among those of others.
    pub fn of(row: &ProductRow, codes: &[ProductCode]) -> Result<Self, Failure> {
        let own = codes.iter().filter(|code| code.product_id == row.id);
        Ok(Self {
            sku: row.sku.clone(),
            gtin: row.gtin.clone(),
            name: texts(row.name.clone())?,
            description: texts(row.description.clone())?,
            category_id: row.category_id,
            base_unit: row.base_unit.clone(),
            tax: TaxDto { category: row.tax_category.clone(), rate: row.tax_rate.normalize().to_string() },
            minimum_order: row.minimum_order.normalize().to_string(),
            order_multiple: row.order_multiple.normalize().to_string(),
            lead_time_days: row.lead_time_days,
            packs: Deserialize::deserialize(&row.packs).map_err(Failure::broken)?,
            attributes: serde_json::from_value(row.attributes.clone()).map_err(Failure::broken)?,
            codes: own.map(|code| ProductCodeDto { list: code.list.clone(), code: code.code.clone() }).collect(),
        })
    }
}

impl ProductDto {
    pub fn of(row: &ProductRow, stock: &StockRow, codes: &[ProductCode]) -> Result<Self, Failure> {
        Ok(Self {
            id: row.id,
            data: ProductData::of(row, codes)?,
            stock: StockDto::of(stock.on_hand, stock.reserved),
            archived: row.archived_at.is_some(),
            created_at: row.created_at.into(),
        })
    }
}

impl StockDto {
    pub fn of(on_hand: Decimal, reserved: Decimal) -> Self {
        let text = |value: Decimal| value.normalize().to_string();
        Self {
            on_hand: text(on_hand),
            reserved: text(reserved),
            available: text((on_hand - reserved).max(Decimal::ZERO)),
        }
    }
}
