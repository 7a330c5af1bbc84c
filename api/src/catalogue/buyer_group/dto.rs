//! Buyer groups in JSON.

use infra::catalogue::buyer_group::{BuyerGroup, BuyerGroupRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// A name for some organisations. They do not learn that they are in it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Dealers in the north", "members": ["0190b5a0-0000-7000-8000-000000000001"]}))]
pub struct BuyerGroupData {
    /// Unique among your groups.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The organisations in it.
    #[serde(default)]
    #[schema(max_items = 10000)]
    pub members: Vec<Uuid>,
}

/// A buyer group.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BuyerGroup)]
pub struct BuyerGroupDto {
    pub id: Uuid,
    #[serde(flatten)]
    pub data: BuyerGroupData,
    pub created_at: Time,
}

/// A buyer group in a list of them: without its members.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BuyerGroupSummary)]
pub struct BuyerGroupSummaryDto {
    pub id: Uuid,
    #[schema(example = "Dealers in the north")]
    pub name: String,
    pub created_at: Time,
}

impl BuyerGroupData {
    pub fn of(group: &BuyerGroup) -> Self {
        Self { name: group.row.name.clone(), members: group.members.clone() }
    }
}

impl From<&BuyerGroup> for BuyerGroupDto {
    fn from(group: &BuyerGroup) -> Self {
        Self { id: group.row.id, data: BuyerGroupData::of(group), created_at: group.row.created_at.into() }
    }
}

impl From<BuyerGroupRow> for BuyerGroupSummaryDto {
    fn from(row: BuyerGroupRow) -> Self {
        Self { id: row.id, name: row.name, created_at: row.created_at.into() }
    }
}
