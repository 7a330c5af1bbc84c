//! Price lists in JSON.

use chrono::{DateTime, Utc};
use infra::catalogue::price_list::{PriceList, PriceListRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::catalogue::pricing::TierDto;
use crate::http::dto::{MoneyDto, Time};

/// Prices for some buyers and a period.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Framework 2026", "buyers": ["0190b5a0-0000-7000-8000-000000000001"], "valid_from": "2026-01-01T00:00:00Z",
    "entries": [{"offer_id": "0190b5a0-0000-7000-8000-000000000002",
                 "tiers": [{"from": "1", "unit_price": {"amount": "15.00", "currency": "USD"}}]}]
}))]
pub struct PriceListData {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The organisations that it is for.
    #[schema(min_items = 1, max_items = 1000)]
    pub buyers: Vec<Uuid>,
    pub valid_from: DateTime<Utc>,
    /// The first instant at which it no longer holds; open by default.
    pub valid_until: Option<DateTime<Utc>>,
    #[schema(min_items = 1, max_items = 2000)]
    pub entries: Vec<PriceListEntry>,
}

/// The prices for one offer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceListEntry {
    pub offer_id: Uuid,
    #[schema(min_items = 1, max_items = 20)]
    pub tiers: Vec<TierDto>,
}

/// A price list as its seller sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceList)]
pub struct PriceListDto {
    pub id: Uuid,
    pub portal_id: Uuid,
    #[serde(flatten)]
    pub data: PriceListData,
    pub created_at: Time,
}

/// A price list in a list of them: without its buyers and prices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceListSummary)]
pub struct PriceListSummaryDto {
    pub id: Uuid,
    pub name: String,
    #[schema(example = "USD")]
    pub currency: String,
    pub valid_from: Time,
    pub valid_until: Option<Time>,
}

impl PriceListData {
    pub fn of(list: &PriceList) -> Self {
        let entries = list.tiers.chunk_by(|a, b| a.offer_id == b.offer_id).map(|tiers| PriceListEntry {
            offer_id: tiers[0].offer_id,
            tiers: tiers
                .iter()
                .map(|tier| TierDto {
                    from: tier.from_quantity.normalize().to_string(),
                    unit_price: MoneyDto::price(tier.unit_price, &list.row.currency),
                })
                .collect(),
        });
        Self {
            name: list.row.name.clone(),
            buyers: list.buyers.clone(),
            valid_from: list.row.valid_from,
            valid_until: list.row.valid_until,
            entries: entries.collect(),
        }
    }
}

impl From<&PriceList> for PriceListDto {
    fn from(list: &PriceList) -> Self {
        Self {
            id: list.row.id,
            portal_id: list.row.portal_id,
            data: PriceListData::of(list),
            created_at: list.row.created_at.into(),
        }
    }
}

impl From<PriceListRow> for PriceListSummaryDto {
    fn from(row: PriceListRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            currency: row.currency,
            valid_from: row.valid_from.into(),
            valid_until: row.valid_until.map(Time::from),
        }
    }
}
