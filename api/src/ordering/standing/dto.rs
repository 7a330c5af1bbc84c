//! Standing orders in JSON.

use chrono::NaiveDate;
use infra::Failure;
use infra::ordering::standing::{RunRow, StandingLineRow, StandingOrder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;
use crate::ordering::dto::{LineData, OrderData, address};
use crate::ordering::listed::ListedLine;
use crate::party::organisation::dto::AddressDto;

/// What is ordered by schedule, in your name and at the prices of the day. Only you change it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Coffee", "portal_id": "0190b5a0-0000-7000-8000-000000000001", "currency": "EUR", "mode": "order",
    "schedule": {"period": "month", "first_on": "2027-01-31"}, "lead_days": 5,
    "lines": [{"offer_id": "0190b5a0-0000-7000-8000-000000000002", "quantity": {"value": "10", "unit": "C62"}}]}))]
pub struct StandingOrderData {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    pub portal_id: Uuid,
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// `draft` only drafts, without what is no longer offered, and leaves the rest to you. `order` places it, as far as budgets and the
    /// approval policy let you; nothing is ordered where a part of it cannot be.
    #[schema(pattern = "^(draft|order)$")]
    pub mode: String,
    pub schedule: ScheduleData,
    /// The goods are wanted so many days after the order.
    #[schema(minimum = 0, maximum = 366)]
    pub lead_days: Option<i32>,
    #[schema(min_items = 1, max_items = 1000)]
    pub lines: Vec<ListedLine>,
    pub cost_centre_id: Option<Uuid>,
    /// The buyer's own order number.
    #[schema(max_length = 100)]
    pub buyer_reference: Option<String>,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    pub delivery_address: Option<AddressDto>,
    /// While it is, nothing is ordered. Days that pass meanwhile are not made up for.
    #[serde(default)]
    #[schema(default = false)]
    pub paused: bool,
}

/// Every so many days, weeks or months, at the beginning of the day in UTC. In a month that is too short it is its last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleData {
    #[schema(pattern = "^(day|week|month)$")]
    pub period: String,
    #[serde(default = "one")]
    #[schema(minimum = 1, maximum = 366, default = 1)]
    pub interval: i32,
    pub first_on: NaiveDate,
    /// The last day on which it may order; it goes on by default.
    pub last_on: Option<NaiveDate>,
}

fn one() -> i32 {
    1
}

/// A standing order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StandingOrder)]
pub struct StandingOrderDto {
    pub id: Uuid,
    /// The person in whose name it orders.
    pub owner_id: Uuid,
    #[serde(flatten)]
    pub data: StandingOrderData,
    /// When it orders next; null when it is over.
    pub next_on: Option<NaiveDate>,
    /// What became of the last thirty days, the latest first; in a list of standing orders they are left out.
    pub runs: Vec<StandingOrderRun>,
    pub created_at: Time,
}

/// What became of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandingOrderRun {
    pub due_on: NaiveDate,
    /// What was drafted or placed; one for each seller.
    pub order_ids: Vec<Uuid>,
    /// Why nothing was ordered: the slug of a problem.
    pub problem: Option<String>,
    pub detail: Option<String>,
    pub at: Time,
}

impl StandingOrderData {
    /// The editable part of a standing order.
    pub fn of(standing: &StandingOrder) -> Result<Self, Failure> {
        let row = &standing.row;
        let line =
            |line: &StandingLineRow| ListedLine::of(line.offer_id, line.quantity, &line.unit, line.note.as_deref());
        Ok(Self {
            name: row.name.clone(),
            portal_id: row.portal_id,
            currency: row.currency.clone(),
            mode: row.mode.clone(),
            schedule: ScheduleData {
                period: row.period.clone(),
                interval: row.interval,
                first_on: row.first_on,
                last_on: row.last_on,
            },
            lead_days: row.lead_days,
            lines: standing.lines.iter().map(line).collect(),
            cost_centre_id: row.cost_centre_id,
            buyer_reference: row.buyer_reference.clone(),
            note: row.note.clone(),
            delivery_address: address(row.delivery_address.as_ref())?,
            paused: row.paused,
        })
    }

    /// What is ordered on a day.
    pub fn order(self, on: NaiveDate) -> OrderData {
        let wanted = |days: i32| on.checked_add_days(chrono::Days::new(u64::from(days.unsigned_abs())));
        OrderData {
            lines: self.lines.into_iter().map(LineData::from).collect(),
            buyer_reference: self.buyer_reference,
            note: self.note,
            delivery_address: self.delivery_address,
            requested_date: self.lead_days.and_then(wanted),
            cost_centre_id: self.cost_centre_id,
            submit: self.mode == "order",
            ..OrderData::new(self.portal_id, self.currency)
        }
    }
}

impl StandingOrderDto {
    pub fn of(standing: &StandingOrder, runs: Vec<RunRow>) -> Result<Self, Failure> {
        Ok(Self {
            id: standing.row.id,
            owner_id: standing.row.owner_id,
            data: StandingOrderData::of(standing)?,
            next_on: standing.row.next_on,
            runs: runs.into_iter().map(StandingOrderRun::from).collect(),
            created_at: standing.row.created_at.into(),
        })
    }
}

impl From<RunRow> for StandingOrderRun {
    fn from(row: RunRow) -> Self {
        let RunRow { due_on, order_ids, problem, detail, at, .. } = row;
        Self { due_on, order_ids, problem, detail, at: at.into() }
    }
}
