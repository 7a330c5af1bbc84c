//! Blocked buyers in JSON.

use infra::catalogue::blocked_buyer::BlockedBuyerRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// Whom you do not serve.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"organisation_id": "0190b5a0-0000-7000-8000-000000000001", "reason": "Unpaid invoices"}))]
pub struct NewBlockedBuyer {
    pub organisation_id: Uuid,
    /// For your own record; nobody else sees it.
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
}

/// An organisation that sees and buys nothing of yours.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockedBuyer)]
pub struct BlockedBuyerDto {
    pub organisation_id: Uuid,
    #[schema(example = "Brückenbau GmbH")]
    pub legal_name: String,
    pub reason: Option<String>,
    pub blocked_at: Time,
}

impl BlockedBuyerDto {
    pub fn of(row: BlockedBuyerRow, legal_name: String) -> Self {
        Self { organisation_id: row.buyer_id, legal_name, reason: row.reason, blocked_at: row.blocked_at.into() }
    }
}
