//! Quick orders and drafts made again, in JSON.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::dto::{OrderData, OrderDto};
use crate::http::dto::QuantityDto;
use crate::party::organisation::dto::AddressDto;

/// An order by SKU: as lines, as CSV, or both, one after the other.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"portal_id": "0190b5a0-0000-7000-8000-000000000001", "currency": "EUR",
    "lines": [{"sku": "BOLT-M8", "quantity": "100"}], "csv": "NUT-M8;200\nWASHER-M8;2;CEN", "submit": true}))]
pub struct QuickOrderData {
    pub portal_id: Uuid,
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub lines: Vec<QuickLineData>,
    /// Lines of the form `sku;quantity` or `sku;quantity;unit`. Faults of theirs point to where they stand behind `lines`.
    #[schema(max_length = 200000)]
    pub csv: Option<String>,
    /// The buyer's own order number.
    #[schema(max_length = 100)]
    pub buyer_reference: Option<String>,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    pub delivery_address: Option<AddressDto>,
    pub cost_centre_id: Option<Uuid>,
    /// Place it at once.
    #[serde(default)]
    #[schema(default = false)]
    pub submit: bool,
}

/// What is wanted of a SKU.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuickLineData {
    #[schema(min_length = 1, max_length = 100)]
    pub sku: String,
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: String,
    /// The offer's own by default.
    #[schema(min_length = 2, max_length = 3)]
    pub unit: Option<String>,
    /// Whose, where several sellers offer something under this SKU.
    pub seller_id: Option<Uuid>,
}

impl QuickOrderData {
    /// The order without its lines.
    pub fn order(&self) -> OrderData {
        OrderData {
            buyer_reference: self.buyer_reference.clone(),
            note: self.note.clone(),
            delivery_address: self.delivery_address.clone(),
            cost_centre_id: self.cost_centre_id,
            submit: self.submit,
            ..OrderData::new(self.portal_id, self.currency.clone())
        }
    }
}

/// A draft of what was ordered or listed before, at today's prices.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftedAgain {
    pub orders: Vec<OrderDto>,
    /// What is not in it, since it is not offered to you any more.
    pub no_longer_offered: Vec<NoLongerOffered>,
}

/// A line that cannot be ordered again.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoLongerOffered {
    pub offer_id: Uuid,
    pub sku: Option<String>,
    pub quantity: QuantityDto,
}
