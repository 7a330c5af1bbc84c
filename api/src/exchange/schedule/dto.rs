//! Trading schedules in JSON.

use chrono::NaiveDate;
use domain::exchange::{Due, ScheduleInput, StepInput};
use domain::kernel::Timestamp;
use infra::Failure;
use infra::exchange::schedule::{ScheduleRow, StepValue};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::dto::Time;

/// When phases change: at local times of each trading day. Where the clock is put forward, a time that it leaves out counts as the instant
/// at which it jumps; where it is put back, one that it shows twice counts the first time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Workdays", "time_zone": "Europe/Moscow", "weekdays": ["mon", "tue", "wed", "thu", "fri"], "holidays": ["2027-01-01"],
    "steps": [{"at": "09:30", "phase": "pre_open"}, {"at": "09:50", "phase": "opening_auction"}, {"at": "10:00", "phase": "continuous"},
        {"at": "18:40", "phase": "closing_auction"}, {"at": "18:50", "phase": "closed"}]
}))]
pub struct TradingScheduleData {
    /// Unique on the portal.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// A zone of the IANA time zone database.
    #[schema(min_length = 1, max_length = 64)]
    pub time_zone: String,
    /// In their order; a trading day begins closed and ends with `closed`.
    #[schema(min_items = 1, max_items = 48)]
    pub steps: Vec<StepDto>,
    /// `mon` to `sun`.
    #[schema(min_items = 1, max_items = 7)]
    pub weekdays: Vec<String>,
    /// Days on which there is no trading.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub holidays: Vec<NaiveDate>,
}

/// A change of phase.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TradingStep)]
pub struct StepDto {
    /// A local time, such as `09:30` or `09:30:15`.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$")]
    pub at: String,
    #[schema(pattern = "^(pre_open|opening_auction|continuous|closing_auction|closed)$")]
    pub phase: String,
}

/// A trading schedule, and what comes by it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TradingSchedule)]
pub struct ScheduleDto {
    pub id: Uuid,
    pub portal_id: Uuid,
    #[serde(flatten)]
    pub data: TradingScheduleData,
    /// The phase by the schedule.
    #[schema(example = "continuous")]
    pub phase: String,
    /// The next change.
    pub next: Option<NextStep>,
    pub created_at: Time,
}

/// A change of phase that is to come.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NextTradingStep)]
pub struct NextStep {
    pub at: Time,
    #[schema(example = "closing_auction")]
    pub phase: String,
}

impl TradingScheduleData {
    /// For the rules of the domain.
    pub fn input(&self) -> ScheduleInput {
        let step = |step: &StepDto| StepInput { at: step.at.clone(), phase: step.phase.clone() };
        ScheduleInput {
            name: self.name.clone(),
            time_zone: self.time_zone.clone(),
            steps: self.steps.iter().map(step).collect(),
            weekdays: self.weekdays.clone(),
            holidays: self.holidays.clone(),
        }
    }

    /// The steps as they are kept.
    pub fn step_values(&self) -> Vec<StepValue> {
        self.steps.iter().map(|step| StepValue { at: step.at.clone(), phase: step.phase.clone() }).collect()
    }

    /// The editable part of a kept schedule.
    pub fn of(row: &ScheduleRow) -> Result<Self, Failure> {
        let input = row.input()?;
        Ok(Self {
            name: input.name,
            time_zone: input.time_zone,
            steps: input.steps.into_iter().map(|step| StepDto { at: step.at, phase: step.phase }).collect(),
            weekdays: input.weekdays,
            holidays: input.holidays,
        })
    }
}

impl ScheduleDto {
    /// A schedule as it stands at an instant.
    pub fn of(row: &ScheduleRow, at: Timestamp) -> Result<Self, Failure> {
        let schedule = row.schedule()?;
        let next = |due: Due| NextStep { at: due.at.into(), phase: due.to.code().to_owned() };
        Ok(Self {
            id: row.id,
            portal_id: row.portal_id,
            data: TradingScheduleData::of(row)?,
            phase: schedule.phase_at(at).code().to_owned(),
            next: schedule.next_step_after(at).map(next),
            created_at: row.created_at.into(),
        })
    }
}
