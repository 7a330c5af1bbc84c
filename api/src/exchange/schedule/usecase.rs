//! What is done with trading schedules.

use std::collections::BTreeSet;

use domain::kernel::{Date, Faults, Kind, PortalId, Refusal, Timestamp, TradingScheduleId};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::exchange::schedule::{self, ScheduleRow};
use serde_json::json;

use super::dto::{ScheduleDto, TradingScheduleData};
use crate::command::{Command, Subject};
use crate::exchange::access;
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;

pub fn unknown() -> Refusal {
    Refusal::not_found("schedule")
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    data: &TradingScheduleData,
) -> Result<Answer<ScheduleDto>, Failure> {
    let seen = access::seen(tx, Some(&command.by), portal).await?;
    access::may_manage(&command.by, &seen)?;
    check(data)?;
    let row = ScheduleRow {
        id: command.id::<TradingScheduleId>().0,
        portal_id: seen.id.0,
        name: data.name.clone(),
        time_zone: data.time_zone.clone(),
        steps: json!(data.step_values()),
        weekdays: data.weekdays.clone(),
        holidays: in_order(&data.holidays),
        version: 1,
        created_at: command.at,
    };
    schedule::insert(tx, &row).await?;
    tell(tx, command, "trading_schedule.created", &row).await?;
    let location = format!("/v1/trading-schedules/{}", row.id);
    Ok(Answer::created(location, ScheduleDto::of(&row, command.at)?).version(1))
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: TradingScheduleId,
    expected: i64,
    patch: &Patch<TradingScheduleData>,
) -> Result<Answer<ScheduleDto>, Failure> {
    let held = managed(tx, &command.by, id, expected).await?;
    let data = patch.apply(&TradingScheduleData::of(&held)?)?;
    check(&data)?;
    let row = ScheduleRow {
        steps: json!(data.step_values()),
        name: data.name,
        time_zone: data.time_zone,
        weekdays: data.weekdays,
        holidays: in_order(&data.holidays),
        version: held.version + 1,
        ..held
    };
    schedule::update(tx, &row).await?;
    tell(tx, command, "trading_schedule.changed", &row).await?;
    Ok(Answer::ok(ScheduleDto::of(&row, command.at)?).version(row.version))
}

/// Takes away a schedule that no listed instrument goes by.
pub async fn delete(
    tx: &mut Connection,
    command: &Command,
    id: TradingScheduleId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let mut held = managed(tx, &command.by, id, expected).await?;
    if schedule::is_used(tx, id).await? {
        return Err(Refusal::new(Kind::InUse, "Instruments go by it: give them another one first.").into());
    }
    schedule::delete(tx, id).await?;
    held.version += 1;
    tell(tx, command, "trading_schedule.deleted", &held).await?;
    Ok(Answer::no_content())
}

/// One schedule as it stands at an instant, with its version.
pub async fn find(
    connection: &mut Connection,
    by: Option<&Principal>,
    id: TradingScheduleId,
    at: Timestamp,
) -> Result<(ScheduleDto, i64), Failure> {
    let found = schedule::of_id(connection, id).await?.ok_or_else(unknown)?;
    access::seen_of(connection, by, found.portal_id, unknown).await?;
    Ok((ScheduleDto::of(&found, at)?, found.version))
}

pub async fn list(
    connection: &mut Connection,
    by: Option<&Principal>,
    portal: &str,
    page: &Page,
    at: Timestamp,
) -> Result<List<ScheduleDto>, Failure> {
    let seen = access::seen(connection, by, portal).await?;
    let found = schedule::list(connection, seen.id, page).await?;
    let items: Result<Vec<_>, _> = found.items.iter().map(|row| ScheduleDto::of(row, at)).collect();
    Ok(List { items: items?, next: found.next })
}

/// A schedule that the caller decides on, held until the transaction ends.
async fn managed(
    tx: &mut Connection,
    by: &Principal,
    id: TradingScheduleId,
    expected: i64,
) -> Result<ScheduleRow, Failure> {
    let found = schedule::of_id(tx, id).await?.ok_or_else(unknown)?;
    let seen = access::seen_of(tx, Some(by), found.portal_id, unknown).await?;
    access::may_manage(by, &seen)?;
    let held = schedule::lock(tx, id).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    Ok(held)
}

fn check(data: &TradingScheduleData) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    data.input().check("", &mut faults);
    faults.result()
}

/// Each day once.
fn in_order(days: &[Date]) -> Vec<Date> {
    days.iter().copied().collect::<BTreeSet<_>>().into_iter().collect()
}

async fn tell(tx: &mut Connection, command: &Command, kind: &'static str, row: &ScheduleRow) -> Result<(), Failure> {
    let audience = access::concerned(tx, &command.by, PortalId(row.portal_id)).await?;
    let subject = Subject { kind: "trading_schedule", id: row.id, version: row.version };
    command.event(kind, subject, Some(row.portal_id), &audience, json!({"name": row.name}));
    Ok(())
}
