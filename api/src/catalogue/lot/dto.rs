//! Stock by warehouse and lot, in JSON.

use domain::kernel::Date;
use infra::catalogue::lot::{LotRow, MovementRow, ReceiptRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::Time;

/// Goods of one lot that come in, go out, lie elsewhere now, or were counted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"warehouse_id": "0190b5a0-0000-7000-8000-000000000001", "reason": "receipt", "quantity": "40",
    "lot": {"number": "L-2026-07", "expires_on": "2027-03-31"}}))]
pub struct NewMovement {
    pub warehouse_id: Uuid,
    /// `receipt` and `return` bring goods, `damage`, `loss` and `expiry` take them away, `count` says what is there, `transfer` brings them to
    /// another warehouse.
    #[schema(pattern = "^(receipt|return|count|transfer|damage|loss|expiry)$")]
    pub reason: String,
    /// In the base unit.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: String,
    /// What has no lot number by default.
    pub lot: Option<LotData>,
    /// Where to, of a transfer.
    pub to_warehouse_id: Option<Uuid>,
    /// The expected receipt that has come: it is expected no more.
    pub expected_receipt_id: Option<Uuid>,
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

/// A lot, and what is known of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotData {
    #[schema(min_length = 1, max_length = 64)]
    pub number: String,
    /// The last day on which it is good.
    pub expires_on: Option<Date>,
    /// A document of yours: its certificate.
    pub document_id: Option<Uuid>,
}

/// What of a product lies in a warehouse under a lot number.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Lot)]
pub struct LotDto {
    pub id: Uuid,
    pub warehouse_id: Uuid,
    /// Empty for what has none.
    #[schema(example = "L-2026-07")]
    pub number: String,
    pub expires_on: Option<Date>,
    pub document_id: Option<Uuid>,
    #[schema(example = "40")]
    pub quantity: String,
}

/// Goods that moved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockMovement)]
pub struct MovementDto {
    pub id: Uuid,
    pub lot_id: Uuid,
    /// In or, with a minus sign, out.
    #[schema(example = "40")]
    pub quantity: String,
    #[schema(example = "receipt")]
    pub reason: String,
    pub note: Option<String>,
    /// What led to it, such as the contract of a despatch.
    pub reference_id: Option<Uuid>,
    pub at: Time,
}

/// What a step did: one movement, or two of a transfer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Movements {
    pub movements: Vec<MovementDto>,
}

/// Goods that you expect.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"warehouse_id": "0190b5a0-0000-7000-8000-000000000001", "quantity": "500", "expected_on": "2026-12-10"}))]
pub struct NewExpectedReceipt {
    pub warehouse_id: Uuid,
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: String,
    pub expected_on: Date,
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

/// Goods that are expected.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExpectedReceipt)]
pub struct ExpectedReceiptDto {
    pub id: Uuid,
    pub warehouse_id: Uuid,
    #[schema(example = "500")]
    pub quantity: String,
    pub expected_on: Date,
    pub note: Option<String>,
}

/// Whether more may be ordered than there is.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BackorderRule, example = json!({"rule": "allowed", "limit": "100", "lead_time_days": 14}))]
pub struct BackorderRuleDto {
    /// `none`: what is on hand and no more; `allowed`: up to the limit beyond it.
    #[schema(pattern = "^(none|allowed)$")]
    pub rule: String,
    /// How much may be promised beyond what is on hand, in the base unit.
    #[schema(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub limit: Option<String>,
    /// How many days such an order waits.
    #[schema(minimum = 0, maximum = 3650)]
    pub lead_time_days: Option<i32>,
}

/// For when, and how much.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityQuery {
    /// In the base unit; the minimum of order by default.
    #[param(pattern = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub quantity: Option<String>,
    /// The day of despatch; today by default.
    pub date: Option<Date>,
}

/// What can be had of an offer on a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"offer_id": "0190b5a0-0000-7000-8000-000000000001", "quantity": "50", "date": "2026-12-10", "available": "63",
    "sufficient": true, "first_date": "2026-12-10", "backorder": "100", "backorder_days": 14}))]
pub struct Availability {
    pub offer_id: Uuid,
    pub quantity: String,
    pub date: Date,
    /// What is on hand and still good on the day, and what is expected by then, less what is promised.
    pub available: String,
    /// Whether that is enough.
    pub sufficient: bool,
    /// The first day on which it is; null if none is known.
    pub first_date: Option<Date>,
    /// How much may be ordered beyond that; null if none.
    pub backorder: Option<String>,
    /// How many days such an order waits.
    pub backorder_days: Option<i32>,
}

impl From<&LotRow> for LotDto {
    fn from(row: &LotRow) -> Self {
        Self {
            id: row.id,
            warehouse_id: row.warehouse_id,
            number: row.number.clone(),
            expires_on: row.expires_on,
            document_id: row.document_id,
            quantity: row.quantity.normalize().to_string(),
        }
    }
}

impl From<&MovementRow> for MovementDto {
    fn from(row: &MovementRow) -> Self {
        Self {
            id: row.id,
            lot_id: row.lot_id,
            quantity: row.quantity.normalize().to_string(),
            reason: row.reason.clone(),
            note: row.note.clone(),
            reference_id: row.reference_id,
            at: row.at.into(),
        }
    }
}

impl From<&ReceiptRow> for ExpectedReceiptDto {
    fn from(row: &ReceiptRow) -> Self {
        Self {
            id: row.id,
            warehouse_id: row.warehouse_id,
            quantity: row.quantity.normalize().to_string(),
            expected_on: row.expected_on,
            note: row.note.clone(),
        }
    }
}
