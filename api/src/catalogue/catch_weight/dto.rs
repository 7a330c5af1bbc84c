//! Catch weight in JSON.

use domain::contract::CatchWeight;
use infra::catalogue::catch_weight::CatchWeightRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::dto::QuantityDto;

/// A product is billed by what was weighed: its price is for one of the base unit at its nominal weight.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CatchWeight, example = json!({"nominal": {"value": "2.5", "unit": "KGM"}, "tolerance_percent": "5"}))]
pub struct CatchWeightDto {
    /// What one of the base unit weighs, about. Of goods that are counted by weight it is one of the base unit itself.
    pub nominal: QuantityDto,
    /// By how much the weight may differ.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub tolerance_percent: String,
}

impl CatchWeightDto {
    /// Of what is not one of the base unit, such as a pack.
    pub fn of(weight: &CatchWeight) -> Self {
        Self {
            nominal: QuantityDto::of(weight.nominal, weight.unit.code()),
            tolerance_percent: weight.tolerance_percent.normalize().to_string(),
        }
    }
}

impl From<&CatchWeightRow> for CatchWeightDto {
    fn from(row: &CatchWeightRow) -> Self {
        Self {
            nominal: QuantityDto::of(row.nominal, &row.unit),
            tolerance_percent: row.tolerance_percent.normalize().to_string(),
        }
    }
}
