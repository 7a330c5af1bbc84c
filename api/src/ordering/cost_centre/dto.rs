//! Cost centres and budgets in JSON.

use chrono::NaiveDate;
use infra::ordering::budget::BudgetRow;
use infra::ordering::cost_centre::CostCentre;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::{MoneyDto, Time};

/// Where costs of your company arise. Who is a member of a cost centre, and neither owner nor admin of the company, orders on the
/// cost centres of theirs alone and sees only the orders on these, their own, and those they may decide on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "4711", "name": "Workshop", "owner_id": "0190b5a0-0000-7000-8000-000000000004",
    "members": ["0190b5a0-0000-7000-8000-000000000005"], "budget_required": true}))]
pub struct CostCentreData {
    #[schema(min_length = 1, max_length = 50)]
    pub code: String,
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The person who answers for it; approval policies can ask them.
    pub owner_id: Uuid,
    /// Who orders on it.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub members: Vec<Uuid>,
    /// Whether nothing is ordered on it without a budget for the day and the currency.
    #[serde(default)]
    #[schema(default = false)]
    pub budget_required: bool,
}

/// A cost centre.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CostCentre)]
pub struct CostCentreDto {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub owner_id: Uuid,
    pub members: Vec<Uuid>,
    pub budget_required: bool,
    pub created_at: Time,
}

/// What may be spent on a cost centre in a period. On one day there is one budget in a currency.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"currency": "EUR", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "amount": "50000.00"}))]
pub struct BudgetData {
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// Nothing given is no limit; `0` is a limit of zero.
    #[schema(pattern = r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$", max_length = 40)]
    pub amount: Option<String>,
}

/// A budget.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Budget)]
pub struct BudgetDto {
    pub id: Uuid,
    pub cost_centre_id: Uuid,
    pub currency: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    /// Null is no limit; zero is a limit of zero.
    pub amount: Option<MoneyDto>,
    /// What submitted orders have taken, without tax and freight; it comes back when they are declined, cancelled or expire.
    pub committed: MoneyDto,
    /// What is left; null without a limit.
    pub available: Option<MoneyDto>,
}

impl CostCentreData {
    /// The editable part of a cost centre.
    pub fn of(centre: &CostCentre) -> Self {
        Self {
            code: centre.row.code.clone(),
            name: centre.row.name.clone(),
            owner_id: centre.row.owner_id,
            members: centre.members.clone(),
            budget_required: centre.row.budget_required,
        }
    }
}

impl From<&CostCentre> for CostCentreDto {
    fn from(centre: &CostCentre) -> Self {
        let row = &centre.row;
        Self {
            id: row.id,
            code: row.code.clone(),
            name: row.name.clone(),
            owner_id: row.owner_id,
            members: centre.members.clone(),
            budget_required: row.budget_required,
            created_at: row.created_at.into(),
        }
    }
}

impl BudgetData {
    /// The editable part of a budget.
    pub fn of(row: &BudgetRow) -> Self {
        Self {
            currency: row.currency.clone(),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            amount: row.amount.map(|amount| MoneyDto::of(amount, &row.currency).amount),
        }
    }
}

impl From<&BudgetRow> for BudgetDto {
    fn from(row: &BudgetRow) -> Self {
        let money = |amount| MoneyDto::of(amount, &row.currency);
        Self {
            id: row.id,
            cost_centre_id: row.cost_centre_id,
            currency: row.currency.clone(),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            amount: row.amount.map(money),
            committed: money(row.committed),
            available: row.amount.map(|amount| money(amount - row.committed)),
        }
    }
}
