//! Payments of deposits in JSON.

use infra::billing::deposit::DepositPaymentRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{MoneyDto, Time};

/// Money that has come in, or went out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"direction": "in", "amount": {"amount": "5000.00", "currency": "EUR"}, "reference": "2027-03-01/0042"}))]
pub struct DepositPaymentData {
    /// `in`: the company has paid; `out`: it was paid back, at most what is free.
    #[schema(pattern = "^(in|out)$")]
    pub direction: String,
    pub amount: MoneyDto,
    /// Of the bank.
    #[schema(min_length = 1, max_length = 140)]
    pub reference: String,
}

/// Money that was paid in or out as a security.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DepositPayment)]
pub struct DepositPaymentDto {
    pub id: Uuid,
    pub organisation_id: Uuid,
    /// `in` or `out`.
    #[schema(example = "in")]
    pub direction: String,
    pub amount: MoneyDto,
    pub reference: String,
    pub at: Time,
}

impl From<&DepositPaymentRow> for DepositPaymentDto {
    fn from(row: &DepositPaymentRow) -> Self {
        Self {
            id: row.id,
            organisation_id: row.organisation_id,
            direction: row.direction.clone(),
            amount: MoneyDto::of(row.amount, &row.currency),
            reference: row.reference.clone(),
            at: row.at.into(),
        }
    }
}
