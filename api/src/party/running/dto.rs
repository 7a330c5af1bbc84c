//! What an organisation has running, in JSON.

use infra::party::running::RunningRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What an organisation has running: the oldest 200 of each kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct Running {
    /// Orders that wait for the seller's decision.
    pub orders: Vec<RunningItem>,
    /// Contracts that are neither closed nor cancelled nor terminated.
    pub contracts: Vec<RunningItem>,
    /// Issued invoices that are not paid in full.
    pub invoices: Vec<RunningItem>,
    /// There is more than is shown of one of the kinds.
    pub more: bool,
}

/// One thing that is not done yet.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunningItem {
    pub id: Uuid,
    pub number: Option<String>,
    pub state: String,
    /// What the organisation is in it: `buyer` or `seller`.
    #[schema(example = "buyer")]
    pub side: &'static str,
    pub counterparty_id: Uuid,
}

impl RunningItem {
    pub fn of(row: RunningRow, organisation: Uuid) -> Self {
        let buys = row.buyer_id == organisation;
        Self {
            id: row.id,
            number: row.number,
            state: row.state,
            side: if buys { "buyer" } else { "seller" },
            counterparty_id: if buys { row.seller_id } else { row.buyer_id },
        }
    }
}
