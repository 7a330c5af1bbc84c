//! The three-way match in JSON.

use infra::billing::three_way::{DifferenceRow, MatchRow, ToleranceRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{MoneyDto, Time};

/// How far an invoice may be above order and receipt. Each limit holds by itself; what is not said is zero.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvoiceTolerances, example = json!({"is_active": true, "price_percent": "0", "quantity_percent": "2",
    "amount": {"amount": "25.00", "currency": "EUR"}}))]
pub struct TolerancesDto {
    /// Whether invoices that arrive from now on are matched.
    pub is_active: bool,
    /// Above the price that was agreed on.
    #[serde(default = "zero")]
    #[schema(default = "0", pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub price_percent: String,
    /// Above what was ordered, and above what was received.
    #[serde(default = "zero")]
    #[schema(default = "0", pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 10)]
    pub quantity_percent: String,
    /// Above the sum of a line that was ordered and received, without tax. Of invoices in another currency nothing is tolerated.
    pub amount: MoneyDto,
}

fn zero() -> String {
    "0".into()
}

/// How an invoice was matched with order and receipt.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceMatch)]
pub struct MatchDto {
    /// `matched`, `held` (until the buyer decides), `disputed` or `approved`.
    #[schema(example = "held")]
    pub state: String,
    /// What is above order or receipt, beyond the buyer's tolerances.
    pub differences: Vec<DifferenceDto>,
    /// Why the buyer approved or disputes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Time>,
}

/// What of a line is too much.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceDifference)]
pub struct DifferenceDto {
    pub invoice_line_id: Uuid,
    /// `price`, `quantity_ordered`, `quantity_received` or `amount`.
    #[schema(example = "quantity_received")]
    pub kind: String,
    pub expected: String,
    /// On all invoices over the goods, without what was credited.
    pub found: String,
}

impl TolerancesDto {
    pub fn of(row: &ToleranceRow) -> Self {
        Self {
            is_active: row.is_active,
            price_percent: row.price_percent.normalize().to_string(),
            quantity_percent: row.quantity_percent.normalize().to_string(),
            amount: MoneyDto::of(row.amount, &row.currency),
        }
    }
}

impl Default for TolerancesDto {
    /// Nothing is matched.
    fn default() -> Self {
        Self {
            is_active: false,
            price_percent: zero(),
            quantity_percent: zero(),
            amount: MoneyDto { amount: "0.00".into(), currency: "EUR".into() },
        }
    }
}

impl MatchDto {
    pub fn of(state: &str, row: &MatchRow, differences: &[DifferenceRow]) -> Self {
        let difference = |one: &DifferenceRow| DifferenceDto {
            invoice_line_id: one.invoice_line_id,
            kind: one.kind.clone(),
            expected: one.expected.normalize().to_string(),
            found: one.found.normalize().to_string(),
        };
        Self {
            state: state.to_owned(),
            differences: differences.iter().map(difference).collect(),
            reason: row.reason.clone(),
            decided_by: row.decided_by,
            decided_at: row.decided_at.map(Time::from),
        }
    }
}
