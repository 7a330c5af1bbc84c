//! Price lists in JSON.

use chrono::{DateTime, Utc};
use infra::catalogue::price_list::{PriceList, PriceListRow};
use infra::catalogue::price_list_edition::ListTierRow;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::{MoneyDto, Time};

/// Prices for some buyers, or for everyone, and a period. Which of several prices a buyer gets: the list for the most specific
/// audience (the company, then a group of it, then everyone) goes before the others; then the one with the highest priority; then the
/// lowest price; then the smallest id. Within a list an entry for the offer goes before a discount on the nearest category, and that
/// before one on everything. A price list goes before the offer's own price, even if it is dearer.
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
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub buyers: Vec<Uuid>,
    /// Your buyer groups that it is for.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub buyer_groups: Vec<Uuid>,
    /// It is for everyone, those without a log-in included.
    #[serde(default)]
    pub everyone: bool,
    /// Of lists for equally specific audiences the one with the highest priority wins.
    #[serde(default)]
    #[schema(minimum = -1000, maximum = 1000, default = 0)]
    pub priority: i32,
    /// Of its prices, be it the offers' or another one: an order in it gets them. By default that of the entries; a list that is
    /// filled later needs it.
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: Option<String>,
    pub valid_from: DateTime<Utc>,
    /// The first instant at which it no longer holds; open by default.
    pub valid_until: Option<DateTime<Utc>>,
    /// On all your offers on the portal, in percent of the offer's own price.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub discount_percent: Option<String>,
    /// On the offers of categories and of those below them; the nearest counts.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub categories: Vec<CategoryDiscount>,
    /// Null where there are too many to be shown at once: read and change them under `/prices`.
    #[schema(max_items = 2000)]
    pub entries: Option<Vec<PriceListEntry>>,
}

/// A discount on a category.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryDiscount {
    pub category_id: Uuid,
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub discount_percent: String,
}

/// The prices for one offer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceListEntry {
    pub offer_id: Uuid,
    #[schema(min_items = 1, max_items = 20)]
    pub tiers: Vec<PriceListTier>,
}

/// From this quantity on (0: always), a unit costs this, or so much less than the offer asks.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "10", "discount_percent": "7.5"}))]
pub struct PriceListTier {
    /// In the product's base unit.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<MoneyDto>,
    /// In percent of the offer's own price at the quantity; instead of a price.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub discount_percent: Option<String>,
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
    /// Null for a list of discounts.
    #[schema(example = "USD")]
    pub currency: Option<String>,
    pub everyone: bool,
    pub priority: i32,
    pub valid_from: Time,
    pub valid_until: Option<Time>,
}

/// A price in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListPrice)]
pub struct ListPriceDto {
    pub offer_id: Uuid,
    #[schema(example = "CHAI-10")]
    pub sku: String,
    #[serde(flatten)]
    pub tier: PriceListTier,
}

/// All prices by so many percent dearer, or cheaper with a minus sign. Discounts stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"percent": "2.5"}))]
pub struct PriceChange {
    /// More than -100, at most 1000, with up to 4 decimals.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub percent: String,
    /// To how many decimals prices are rounded, half to even; those of the currency by default.
    #[schema(minimum = 0, maximum = 6)]
    pub decimals: Option<i32>,
}

/// What was done to a list's prices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"price_list_id": "0190b5a0-0000-7000-8000-000000000001", "prices": 1000000}))]
pub struct PricesChanged {
    pub price_list_id: Uuid,
    /// How many prices the list has now.
    pub prices: i64,
}

/// A line of prices that are sent in bulk, as NDJSON: `sku` or `offer_id`, and a price in the list's currency or a discount.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"sku": "CHAI-10", "from": "1", "price": "15.00"}))]
pub struct SentPrice {
    pub sku: Option<String>,
    pub offer_id: Option<Uuid>,
    /// From this quantity on; always by default.
    pub from: Option<String>,
    pub price: Option<String>,
    pub discount_percent: Option<String>,
}

/// What happens to the prices that are not sent.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UploadQuery {
    /// `merge` (default): offers that are not sent keep their prices. `replace`: the list has what is sent and nothing else.
    #[param(pattern = "^(merge|replace)$")]
    pub mode: Option<String>,
}

impl PriceListTier {
    pub fn of(row: &ListTierRow, currency: Option<&str>) -> Self {
        Self {
            from: row.from_quantity.normalize().to_string(),
            unit_price: row.unit_price.map(|price| MoneyDto::price(price, currency.unwrap_or_default())),
            discount_percent: row.discount_percent.map(plain),
        }
    }
}

fn plain(percent: Decimal) -> String {
    percent.normalize().to_string()
}

impl PriceListData {
    pub fn of(list: &PriceList) -> Self {
        let row = &list.row;
        let entry = |tiers: &[ListTierRow]| PriceListEntry {
            offer_id: tiers[0].offer_id,
            tiers: tiers.iter().map(|tier| PriceListTier::of(tier, row.currency.as_deref())).collect(),
        };
        let entries = |tiers: &Vec<ListTierRow>| tiers.chunk_by(|a, b| a.offer_id == b.offer_id).map(entry).collect();
        let entries: Option<Vec<PriceListEntry>> = list.tiers.as_ref().map(entries);
        let category =
            |(id, percent): &(Uuid, Decimal)| CategoryDiscount { category_id: *id, discount_percent: plain(*percent) };
        Self {
            name: row.name.clone(),
            buyers: list.buyers.clone(),
            buyer_groups: list.groups.clone(),
            everyone: row.everyone,
            priority: row.priority,
            currency: row.currency.clone(),
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            discount_percent: row.discount_percent.map(plain),
            categories: list.categories.iter().map(category).collect(),
            entries: entries.filter(|entries| entries.len() <= MOST_ENTRIES),
        }
    }
}

/// The most entries that are shown, and taken, at once.
pub const MOST_ENTRIES: usize = 2_000;

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
            everyone: row.everyone,
            priority: row.priority,
            valid_from: row.valid_from.into(),
            valid_until: row.valid_until.map(Time::from),
        }
    }
}
