//! Requisition lists in JSON.

use infra::ordering::requisition::RequisitionList;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;
use crate::ordering::listed::ListedLine;

/// What you order again and again: your own list, or one that your company shares.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Workshop, monthly", "shared": true, "portal_id": "0190b5a0-0000-7000-8000-000000000001", "currency": "EUR",
    "lines": [{"offer_id": "0190b5a0-0000-7000-8000-000000000002", "quantity": {"value": "10", "unit": "C62"}}]}))]
pub struct RequisitionListData {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Whether everybody of your company sees and changes it.
    #[serde(default)]
    #[schema(default = false)]
    pub shared: bool,
    pub portal_id: Uuid,
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub lines: Vec<ListedLine>,
}

/// A requisition list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequisitionList)]
pub struct RequisitionListDto {
    pub id: Uuid,
    pub owner_id: Uuid,
    pub name: String,
    pub shared: bool,
    pub portal_id: Uuid,
    pub currency: String,
    pub lines: Vec<ListedLine>,
    pub created_at: Time,
}

fn lines(list: &RequisitionList) -> Vec<ListedLine> {
    list.lines
        .iter()
        .map(|line| ListedLine::of(line.offer_id, line.quantity, &line.unit, line.note.as_deref()))
        .collect()
}

impl RequisitionListData {
    /// The editable part of a list.
    pub fn of(list: &RequisitionList) -> Self {
        Self {
            name: list.row.name.clone(),
            shared: list.row.shared,
            portal_id: list.row.portal_id,
            currency: list.row.currency.clone(),
            lines: lines(list),
        }
    }
}

impl From<&RequisitionList> for RequisitionListDto {
    fn from(list: &RequisitionList) -> Self {
        let row = &list.row;
        Self {
            id: row.id,
            owner_id: row.owner_id,
            name: row.name.clone(),
            shared: row.shared,
            portal_id: row.portal_id,
            currency: row.currency.clone(),
            lines: lines(list),
            created_at: row.created_at.into(),
        }
    }
}
