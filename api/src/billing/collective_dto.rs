//! Collective invoices in JSON.

use infra::billing::collective::CollectiveRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::dto::InvoiceSummary;
use crate::http::dto::Time;

/// All that a buyer has received and that no invoice holds yet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"buyer_id": "0190b5a0-0000-7000-8000-000000000001", "issue": true}))]
pub struct CollectiveInvoiceData {
    pub buyer_id: Uuid,
    /// Issue them at once, to your first account in their currency; where you have none they stay drafts.
    #[serde(default)]
    #[schema(default = false)]
    pub issue: bool,
}

/// Whom you invoice once a month.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CollectiveInvoicingData, example = json!({"buyer_id": "0190b5a0-0000-7000-8000-000000000001"}))]
pub struct CollectiveData {
    pub buyer_id: Uuid,
}

/// What was made: one invoice for each currency and term of payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct CollectiveInvoices {
    pub invoices: Vec<InvoiceSummary>,
}

/// A buyer whom you invoice once a month, as it ends.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CollectiveInvoicing)]
pub struct CollectiveDto {
    pub seller_id: Uuid,
    pub buyer_id: Uuid,
    pub since: Time,
}

impl From<&CollectiveRow> for CollectiveDto {
    fn from(row: &CollectiveRow) -> Self {
        Self { seller_id: row.seller_id, buyer_id: row.buyer_id, since: row.created_at.into() }
    }
}
