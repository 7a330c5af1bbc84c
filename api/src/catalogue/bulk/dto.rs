//! Bulk changes in JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::catalogue::pricing::TierDto;
use crate::catalogue::product::dto::StockDto;
use crate::http::dto::QuantityDto;
use crate::http::problem::ProblemDocument;

/// What there is of one product: `on_hand` or `change`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockRowInput {
    /// Your number of the product. It comes once in a call.
    #[schema(min_length = 1, max_length = 64)]
    pub sku: String,
    /// What was counted, in the product's base unit or any unit that converts into it exactly.
    pub on_hand: Option<QuantityDto>,
    /// How much more there is, or less where it is negative.
    pub change: Option<QuantityDto>,
}

/// Up to 10,000 products.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"sku": "CHAI-10", "on_hand": {"value": "39", "unit": "C62"}},
    {"sku": "CHANG-24", "change": {"value": "-12", "unit": "C62"}}]}))]
pub struct StockBatch {
    #[schema(min_items = 1, max_items = 10000)]
    pub items: Vec<StockRowInput>,
    /// All or nothing: one row that is refused refuses the call, and its problem names the faults of every row.
    #[serde(default)]
    pub atomic: bool,
}

/// What became of each row, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockResults {
    pub results: Vec<StockRowResult>,
}

/// The stock, or why the row was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct StockRowResult {
    pub sku: String,
    /// 200, or the status of the problem.
    #[schema(example = 200)]
    pub status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock: Option<StockDto>,
    /// Its faults point into the body of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemDocument>,
}

/// The prices of your offer of one product.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceRowInput {
    /// Your number of the product. It comes once in a call.
    #[schema(min_length = 1, max_length = 64)]
    pub sku: String,
    /// All prices by quantity, the smallest first.
    #[schema(min_items = 1, max_items = 20)]
    pub tiers: Vec<TierDto>,
}

/// Up to 10,000 products.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"sku": "CHAI-10", "tiers": [
    {"from": "1", "unit_price": {"amount": "18.00", "currency": "USD"}},
    {"from": "50", "unit_price": {"amount": "16.20", "currency": "USD"}}]}]}))]
pub struct PriceBatch {
    #[schema(min_items = 1, max_items = 10000)]
    pub items: Vec<PriceRowInput>,
    /// All or nothing: one row that is refused refuses the call, and its problem names the faults of every row.
    #[serde(default)]
    pub atomic: bool,
}

/// What became of each row, in their order.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceResults {
    pub results: Vec<PriceRowResult>,
}

/// The offer, or why the row was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriceRowResult {
    pub sku: String,
    /// 200, or the status of the problem.
    #[schema(example = 200)]
    pub status: u16,
    /// The offer that has these prices now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_id: Option<Uuid>,
    /// Its faults point into the body of the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemDocument>,
}
