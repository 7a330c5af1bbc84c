//! Warehouses in JSON.

use infra::catalogue::warehouse::WarehouseRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// A place where you keep stock.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Hamburg harbour", "country": "DE", "city": "Hamburg"}))]
pub struct WarehouseData {
    /// Unique among your warehouses.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// ISO 3166-1 alpha-2.
    #[schema(pattern = "^[A-Z]{2}$")]
    pub country: Option<String>,
    #[schema(max_length = 200)]
    pub city: Option<String>,
}

/// A warehouse.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Warehouse)]
pub struct WarehouseDto {
    pub id: Uuid,
    #[serde(flatten)]
    pub data: WarehouseData,
    pub created_at: Time,
}

impl WarehouseData {
    pub fn of(row: &WarehouseRow) -> Self {
        Self { name: row.name.clone(), country: row.country.clone(), city: row.city.clone() }
    }
}

impl From<&WarehouseRow> for WarehouseDto {
    fn from(row: &WarehouseRow) -> Self {
        Self { id: row.id, data: WarehouseData::of(row), created_at: row.created_at.into() }
    }
}
