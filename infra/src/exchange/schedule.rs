//! Trading schedules of portals: when the phases of their instruments change by themselves.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::exchange::{Schedule, ScheduleInput, StepInput};
use domain::kernel::{Date, Faults, Kind, PortalId, Refusal, Timestamp, TradingScheduleId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::{instrument, trading_schedule};

/// A schedule. The values were checked by [`ScheduleInput`] before they were kept.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = trading_schedule, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ScheduleRow {
    pub id: Uuid,
    pub portal_id: Uuid,
    /// Unique on the portal.
    pub name: String,
    pub time_zone: String,
    /// A list of [`StepValue`].
    pub steps: Value,
    pub weekdays: Vec<String>,
    pub holidays: Vec<Date>,
    pub version: i64,
    pub created_at: Timestamp,
}

/// A step as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StepValue {
    pub at: String,
    pub phase: String,
}

impl ScheduleRow {
    /// The schedule as it is sent in.
    pub fn input(&self) -> Result<ScheduleInput, Failure> {
        let steps: Vec<StepValue> = serde_json::from_value(self.steps.clone()).map_err(Failure::broken)?;
        Ok(ScheduleInput {
            name: self.name.clone(),
            time_zone: self.time_zone.clone(),
            steps: steps.into_iter().map(|step| StepInput { at: step.at, phase: step.phase }).collect(),
            weekdays: self.weekdays.clone(),
            holidays: self.holidays.clone(),
        })
    }

    /// The schedule by which phases change.
    pub fn schedule(&self) -> Result<Schedule, Failure> {
        let mut faults = Faults::default();
        let schedule = self.input()?.check("", &mut faults);
        schedule.ok_or_else(|| Failure::broken(format!("stored schedule {}: {:?}", self.id, faults.0)))
    }
}

fn name_taken(name: &str) -> Refusal {
    Refusal::new(Kind::AlreadyExists, format!("The portal has a schedule with the name {name} already."))
}

/// Keeps a new schedule.
pub async fn insert(tx: &mut Connection, new: &ScheduleRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(trading_schedule::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "trading_schedule_name_key", || name_taken(&new.name))?;
    Ok(())
}

/// Keeps all that may have changed of a schedule.
pub async fn update(tx: &mut Connection, changed: &ScheduleRow) -> Result<(), Failure> {
    let updated = diesel::update(trading_schedule::table.find(changed.id)).set(changed).execute(tx).await;
    constraint::refuse(updated, "trading_schedule_name_key", || name_taken(&changed.name))?;
    Ok(())
}

/// Takes a schedule away that no listed instrument goes by; those that are delisted lose it.
pub async fn delete(tx: &mut Connection, id: TradingScheduleId) -> Result<(), Failure> {
    diesel::delete(trading_schedule::table.find(id.0)).execute(tx).await?;
    Ok(())
}

/// A schedule, whoever asks.
pub async fn of_id(connection: &mut Connection, id: TradingScheduleId) -> Result<Option<ScheduleRow>, Failure> {
    let query = trading_schedule::table.find(id.0).select(ScheduleRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`of_id`], held until the transaction ends: no instrument comes to go by it meanwhile.
pub async fn lock(tx: &mut Connection, id: TradingScheduleId) -> Result<Option<ScheduleRow>, Failure> {
    let query = trading_schedule::table.find(id.0).select(ScheduleRow::as_select());
    Ok(query.for_update().first(tx).await.optional()?)
}

/// Whether an instrument that is listed goes by it.
pub async fn is_used(tx: &mut Connection, id: TradingScheduleId) -> Result<bool, Failure> {
    let by_it = instrument::table.filter(instrument::schedule_id.eq(id.0).and(instrument::delisted_at.is_null()));
    Ok(diesel::select(diesel::dsl::exists(by_it)).get_result(tx).await?)
}

/// All schedules of a portal, oldest first: for the market that goes by them.
pub async fn all_of_portal(connection: &mut Connection, of: PortalId) -> Result<Vec<ScheduleRow>, Failure> {
    let query = trading_schedule::table
        .filter(trading_schedule::portal_id.eq(of.0))
        .order(trading_schedule::id)
        .select(ScheduleRow::as_select());
    Ok(query.load(connection).await?)
}

/// The schedules of a portal, oldest first.
pub async fn list(connection: &mut Connection, of: PortalId, page: &Page) -> Result<List<ScheduleRow>, Failure> {
    let mut query = trading_schedule::table
        .filter(trading_schedule::portal_id.eq(of.0))
        .order(trading_schedule::id)
        .limit(page.rows())
        .select(ScheduleRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(trading_schedule::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &ScheduleRow| row.id))
}
