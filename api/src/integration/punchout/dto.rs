//! Visits in JSON, and what the cXML endpoint takes.

use infra::Failure;
use infra::integration::punchout::SessionRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::basket::{Line, total};
use crate::http::dto::{MoneyDto, QuantityDto, Time};

/// Where a document goes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CxmlQuery {
    /// Id or slug of the portal on which you buy; needed but for a `ProfileRequest`.
    #[param(min_length = 1, max_length = 100)]
    pub portal: Option<String>,
}

/// A cXML 1.2 request: `ProfileRequest`, `PunchOutSetupRequest` or `OrderRequest`. The sender's `Identity` is that of an API client, or an
/// identifier of its organisation (domains `DUNS`, `GLN`, `LEI`, `VAT`, `INN`), its `SharedSecret` one of the client's secrets.
#[derive(ToSchema)]
#[schema(value_type = String, example = "<cXML payloadID=\"1@buyer.example\" timestamp=\"2026-03-05T11:00:00+01:00\"></cXML>")]
pub struct CxmlDocument(#[allow(dead_code, reason = "it only describes")] String);

/// What goes into the basket.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"items": [{"sku": "BOLT-M8", "quantity": "100"}]}))]
pub struct PunchoutItems {
    #[schema(min_items = 1, max_items = 500)]
    pub items: Vec<ItemData>,
}

/// So much of something is in the basket from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PunchoutItem, example = json!({"sku": "BOLT-M8", "quantity": "100"}))]
pub struct ItemData {
    /// The seller's number; or `offer_id`.
    #[schema(min_length = 1, max_length = 100)]
    pub sku: Option<String>,
    pub offer_id: Option<Uuid>,
    /// Nothing takes it out.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: String,
    /// The offer's own by default.
    #[schema(min_length = 2, max_length = 3)]
    pub unit: Option<String>,
}

/// A visit from a procurement system.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PunchoutVisit)]
pub struct Visit {
    /// `create`, `edit` or `inspect`: then the basket cannot be changed.
    #[schema(example = "create")]
    pub operation: String,
    pub portal_id: Uuid,
    /// Whose goods are shopped for; null for those of all sellers of the portal.
    pub seller_id: Option<Uuid>,
    pub items: Vec<VisitLine>,
    /// What the lines with a price come to, without tax.
    pub total: Option<MoneyDto>,
    pub expires_at: Time,
}

/// A line of the basket.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PunchoutLine)]
pub struct VisitLine {
    pub offer_id: Uuid,
    pub sku: String,
    pub name: Option<String>,
    pub quantity: QuantityDto,
    /// Your price for one of the unit.
    pub unit_price: Option<MoneyDto>,
    pub amount: Option<MoneyDto>,
    /// Why it cannot be ordered; null where it can.
    pub problem: Option<String>,
}

/// The basket on its way back.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PunchoutCheckout)]
pub struct Checkout {
    /// Where the browser posts the message, as the field `cxml-urlencoded` of a form.
    pub form_post: String,
    /// The `PunchOutOrderMessage`.
    pub cxml: String,
}

impl Visit {
    pub fn of(row: &SessionRow, lines: &[Line]) -> Result<Self, Failure> {
        Ok(Self {
            operation: row.operation.clone(),
            portal_id: row.portal_id,
            seller_id: row.seller_id,
            items: lines.iter().map(VisitLine::of).collect(),
            total: total(lines)?.map(MoneyDto::from),
            expires_at: row.expires_at.into(),
        })
    }
}

impl VisitLine {
    fn of(line: &Line) -> Self {
        let price = line.priced.as_ref().ok();
        let unit_price = price.map(|price| price.unit_price);
        Self {
            offer_id: line.item.offer_id,
            sku: line.item.sku.clone(),
            name: price.map(|price| price.name.clone()),
            quantity: QuantityDto { value: line.item.quantity.clone(), unit: line.item.unit.clone() },
            unit_price: unit_price.map(|price| MoneyDto::price(price.amount(), price.currency().code())),
            amount: price.map(|price| price.amount.into()),
            problem: line.priced.as_ref().err().cloned(),
        }
    }
}
