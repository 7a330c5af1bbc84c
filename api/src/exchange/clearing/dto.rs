//! Clearing in JSON.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{MoneyDto, Time};

/// A clearing that was done. Who manages the exchange learns of all of it, others of what their own organisation had a part in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClearingSummary {
    pub id: Uuid,
    pub cleared_at: Time,
    /// How many trades were cleared, those included that have offset each other and left nothing.
    pub cleared_trades: i64,
    /// How many contracts were made of them.
    pub contract_count: i64,
}

/// A clearing that was done, with its contracts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PastClearing)]
pub struct PastClearingDto {
    #[serde(flatten)]
    pub summary: ClearingSummary,
    /// In the order of the trades that they were made of.
    pub contracts: Vec<ClearedContractDto>,
}

/// What clearing brought about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Clearing, example = json!({"id": "0190b5a0-0000-7000-8000-000000000005", "contracts": [{"contract_id": "0190b5a0-0000-7000-8000-000000000001", "number": "C-1042",
    "instrument_id": "0190b5a0-0000-7000-8000-000000000002", "trades": 3, "buyer_id": "0190b5a0-0000-7000-8000-000000000003",
    "seller_id": "0190b5a0-0000-7000-8000-000000000004", "total": {"amount": "43575.00", "currency": "EUR"}}],
    "cleared_trades": 3, "remaining_trades": 0}))]
pub struct ClearingDto {
    /// Under which it is found again; none where nothing was cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    pub contracts: Vec<ClearedContractDto>,
    /// How many trades were cleared, those included that have offset each other and left nothing.
    pub cleared_trades: usize,
    /// How many are left, since there were very many: call again.
    pub remaining_trades: usize,
}

/// A contract that was made of trades. Who its parties are and what it is worth is told to the operator and to themselves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClearedContract)]
pub struct ClearedContractDto {
    pub contract_id: Uuid,
    #[schema(example = "C-1042")]
    pub number: String,
    pub instrument_id: Uuid,
    /// How many trades it was made of.
    pub trades: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller_id: Option<Uuid>,
    /// Without tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<MoneyDto>,
}
