//! Credit lines in JSON.

use infra::ordering::credit::{CreditEntryRow, CreditLineRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::dto::{MoneyDto, Time};

/// What you give a buyer on credit, in one currency. Its open orders and unpaid invoices count; an order that goes beyond needs your
/// consent, and so does one in a currency in which you give this buyer no credit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"buyer_id": "0190b5a0-0000-7000-8000-000000000001", "currency": "EUR", "limit": "50000.00", "payment_days": 14}))]
pub struct CreditLimitData {
    pub buyer_id: Uuid,
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// Nothing given is no limit; `0` is a limit of zero.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub limit: Option<String>,
    /// Days from the invoice to the payment, for orders of this buyer that name none.
    #[serde(default = "thirty")]
    #[schema(minimum = 0, maximum = 365, default = 30)]
    pub payment_days: i32,
    /// `active` (default), or `suspended`: every order needs your consent.
    #[serde(default = "active")]
    #[schema(pattern = "^(active|suspended)$", default = "active")]
    pub state: String,
}

fn thirty() -> i32 {
    30
}

fn active() -> String {
    "active".into()
}

/// A credit line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreditLine)]
pub struct CreditLineDto {
    pub id: Uuid,
    pub seller_id: Uuid,
    pub buyer_id: Uuid,
    pub currency: String,
    /// Null is no limit; zero is a limit of zero.
    pub limit: Option<MoneyDto>,
    pub payment_days: i32,
    #[schema(example = "active")]
    pub state: String,
    /// What open orders and unpaid invoices bind, with tax.
    pub exposure: MoneyDto,
    /// What is left, not less than zero; null without a limit.
    pub available: Option<MoneyDto>,
    pub created_at: Time,
}

/// What bound or freed credit. Entries are never changed; the exposure is their sum.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreditEntry)]
pub struct CreditEntryDto {
    pub id: Uuid,
    /// `opening`, `placed`, `confirmed`, `ended`, `invoiced`, `paid` or `credited`.
    #[schema(example = "placed")]
    pub kind: String,
    /// What binds it: `order` or `invoice`.
    #[schema(example = "order")]
    pub source_kind: String,
    pub source_id: Uuid,
    /// More, or less where it is negative.
    pub amount: MoneyDto,
    pub at: Time,
}

/// Which credit lines to list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CreditQuery {
    /// `seller` (default): what you give; `buyer`: what you are given.
    #[param(pattern = "^(buyer|seller)$")]
    pub role: Option<String>,
    pub buyer_id: Option<Uuid>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<i64>,
    pub cursor: Option<String>,
}

impl CreditLimitData {
    /// The editable part of a line.
    pub fn of(row: &CreditLineRow) -> Self {
        Self {
            buyer_id: row.buyer_id,
            currency: row.currency.clone(),
            limit: row.credit_limit.map(|limit| MoneyDto::of(limit, &row.currency).amount),
            payment_days: row.payment_days,
            state: row.state.clone(),
        }
    }
}

impl From<&CreditLineRow> for CreditLineDto {
    fn from(row: &CreditLineRow) -> Self {
        let money = |amount| MoneyDto::of(amount, &row.currency);
        Self {
            id: row.id,
            seller_id: row.seller_id,
            buyer_id: row.buyer_id,
            currency: row.currency.clone(),
            limit: row.credit_limit.map(money),
            payment_days: row.payment_days,
            state: row.state.clone(),
            exposure: money(row.exposure),
            available: row.credit_limit.map(|limit| money((limit - row.exposure).max(Default::default()))),
            created_at: row.created_at.into(),
        }
    }
}

impl CreditEntryDto {
    pub fn of(row: &CreditEntryRow, currency: &str) -> Self {
        Self {
            id: row.id,
            kind: row.kind.clone(),
            source_kind: row.source_kind.clone(),
            source_id: row.source_id,
            amount: MoneyDto::of(row.amount, currency),
            at: row.at.into(),
        }
    }
}
