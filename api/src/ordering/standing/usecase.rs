//! What is done with standing orders. They exist for their owner, and for the owners and admins of the company.

use domain::kernel::refusal::Invalid;
use domain::kernel::{Currency, Date, Findings, OrganisationId, Refusal, StandingOrderId, Timestamp};
use domain::ordering::{Period, Schedule};
use domain::party::Role;
use domain::party::registration::text;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::ordering::cost_centre;
use infra::ordering::standing::{self, StandingLineRow, StandingOrder, StandingRow};
use infra::timer;
use serde_json::{Value, json};
use uuid::Uuid;

use super::dto::{StandingOrderData, StandingOrderDto};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::ordering::listed;
use crate::ordering::rights;

/// The timer of the next day of a standing order.
pub const DUE: &str = "standing_order.due";

/// How many of its last days are told.
const RUNS: i64 = 30;

pub async fn list(connection: &mut Connection, by: &Principal, page: &Page) -> Result<List<StandingOrderDto>, Failure> {
    let own = by.require(rights::READ)?;
    let found = standing::list(connection, own, seen(by)?, page).await?;
    let items: Result<Vec<_>, _> = found.items.iter().map(|one| StandingOrderDto::of(one, Vec::new())).collect();
    Ok(List { items: items?, next: found.next })
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    id: StandingOrderId,
) -> Result<(StandingOrderDto, i64), Failure> {
    let own = by.require(rights::READ)?;
    let found = standing::find(connection, own, seen(by)?, id).await?.ok_or_else(unknown)?;
    let runs = standing::last_runs(connection, id, RUNS).await?;
    Ok((StandingOrderDto::of(&found, runs)?, found.row.version))
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    data: &StandingOrderData,
) -> Result<Answer<StandingOrderDto>, Failure> {
    let own = command.by.require(rights::BUY)?;
    let id = command.id::<StandingOrderId>();
    let held = (id, command.by.person()?.0, 1, command.at);
    let mut new = checked(tx, command, own, held, data).await?;
    if data.schedule.first_on < command.at.date_naive() {
        return Err(Refusal::fault("/schedule/first_on", "past", "The first day is over.").into());
    }
    new.row.next_on = schedule(&new.row)?.on_or_after(command.at.date_naive());
    standing::insert(tx, &new).await?;
    set_timer(tx, &new.row).await?;
    tell(command, "standing_order.made", &new.row, json!({}));
    let location = format!("/v1/standing-orders/{}", id.0);
    Ok(Answer::created(location, StandingOrderDto::of(&new, Vec::new())?).version(1))
}

pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: StandingOrderId,
    expected: i64,
    patch: &Patch<StandingOrderData>,
) -> Result<Answer<StandingOrderDto>, Failure> {
    let (own, held) = lock(tx, command, id).await?;
    check_version(held.row.version, expected)?;
    let before = StandingOrderData::of(&held)?;
    let data = patch.apply(&before)?;
    let mut changed = if json!(StandingOrderData { paused: before.paused, ..data.clone() }) == json!(before) {
        // Pausing is always possible, also where what it orders is no longer offered.
        let row = StandingRow { paused: data.paused, version: held.row.version + 1, ..held.row };
        StandingOrder { row, lines: held.lines }
    } else {
        rewritten(tx, command, own, &held, &data).await?
    };
    let runs = standing::last_runs(tx, id, RUNS).await?;
    let today = command.at.date_naive();
    let schedule = schedule(&changed.row)?;
    // On a day it orders once, however the schedule is changed on it.
    changed.row.next_on = match runs.first().filter(|run| run.due_on.max(run.at.date_naive()) >= today) {
        Some(run) => schedule.next(run.due_on, today),
        None => schedule.on_or_after(today),
    };
    standing::update(tx, &changed).await?;
    set_timer(tx, &changed.row).await?;
    tell(command, "standing_order.changed", &changed.row, json!({}));
    Ok(Answer::ok(StandingOrderDto::of(&changed, runs)?).version(changed.row.version))
}

pub async fn delete(
    tx: &mut Connection,
    command: &Command,
    id: StandingOrderId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let (_, held) = lock(tx, command, id).await?;
    check_version(held.row.version, expected)?;
    timer::clear(tx, DUE, id.0).await?;
    standing::delete(tx, id).await?;
    tell(command, "standing_order.deleted", &held.row, json!({}));
    Ok(Answer::no_content())
}

/// A standing order as its owner changes it. Whose name is on the orders decides what is ordered: nobody orders in another one's name.
async fn rewritten(
    tx: &mut Connection,
    command: &Command,
    own: OrganisationId,
    held: &StandingOrder,
    data: &StandingOrderData,
) -> Result<StandingOrder, Failure> {
    let row = &held.row;
    if row.owner_id != command.by.person()?.0 {
        return Err(Refusal::forbidden("Of a colleague's standing order you change only whether it is paused.").into());
    }
    if data.portal_id != row.portal_id {
        return Err(Refusal::fault("/portal_id", "fixed", "A standing order stays on its portal.").into());
    }
    checked(tx, command, own, (row.id.into(), row.owner_id, row.version + 1, row.created_at), data).await
}

/// The owner alone sees theirs; owners and admins of the company see all.
fn seen(by: &Principal) -> Result<Option<Uuid>, Refusal> {
    let person = by.person()?.0;
    let is_for_all = by.member()?.roles.iter().any(|role| matches!(role, Role::Owner | Role::Admin));
    Ok((!is_for_all).then_some(person))
}

async fn lock(
    tx: &mut Connection,
    command: &Command,
    id: StandingOrderId,
) -> Result<(OrganisationId, StandingOrder), Failure> {
    let own = command.by.member()?.id;
    let seen = seen(&command.by)?;
    let held = standing::lock(tx, id)
        .await?
        .filter(|held| held.row.organisation_id == own.0 && seen.is_none_or(|person| person == held.row.owner_id));
    let held = held.ok_or_else(unknown)?;
    command.by.require(rights::BUY)?;
    Ok((own, held))
}

/// A standing order as it is kept, without its next day: `kept` are its id, owner, version and time.
async fn checked(
    tx: &mut Connection,
    command: &Command,
    own: OrganisationId,
    kept: (StandingOrderId, Uuid, i64, Timestamp),
    data: &StandingOrderData,
) -> Result<StandingOrder, Failure> {
    let (id, owner_id, version, created_at) = kept;
    let mut findings = Findings::default();
    findings.keep("/name", text(&data.name, 200));
    findings.keep("/currency", Currency::parse(&data.currency));
    check_schedule(data, &mut findings);
    if let Some(centre) = data.cost_centre_id
        && cost_centre::usable(tx, own, &[centre]).await?.is_empty()
    {
        let invalid = Invalid::new("unknown_cost_centre", "Your organisation has no such cost centre.");
        findings.keep::<()>("/cost_centre_id", Err(invalid));
    }
    let lines = listed::check(tx, command, own, data.portal_id, &data.lines, &mut findings).await?;
    findings.result()?;
    let row = StandingRow {
        id: id.0,
        organisation_id: own.0,
        owner_id,
        name: data.name.trim().to_owned(),
        portal_id: data.portal_id,
        currency: data.currency.clone(),
        mode: data.mode.clone(),
        period: data.schedule.period.clone(),
        interval: data.schedule.interval,
        first_on: data.schedule.first_on,
        last_on: data.schedule.last_on,
        lead_days: data.lead_days,
        cost_centre_id: data.cost_centre_id,
        buyer_reference: data.buyer_reference.clone(),
        note: data.note.clone(),
        delivery_address: data.delivery_address.as_ref().map(|address| json!(address)),
        paused: data.paused,
        next_on: None,
        version,
        created_at,
    };
    let line = |line: listed::Listed| StandingLineRow {
        standing_order_id: id.0,
        position: line.position,
        offer_id: line.offer_id,
        quantity: line.quantity.value(),
        unit: line.quantity.unit().code().to_owned(),
        note: line.note,
    };
    Ok(StandingOrder { row, lines: lines.into_iter().map(line).collect() })
}

fn check_schedule(data: &StandingOrderData, findings: &mut Findings) {
    let given = &data.schedule;
    let Some(period) = findings.keep("/schedule/period", Period::parse(&given.period)) else { return };
    let schedule = Schedule { period, interval: given.interval, first_on: given.first_on, last_on: given.last_on };
    for fault in schedule.check().err().into_iter().flat_map(|refusal| refusal.faults) {
        findings.keep::<()>(format!("/schedule{}", fault.pointer), Err(Invalid::new(fault.code, fault.detail)));
    }
}

pub(super) fn schedule(row: &StandingRow) -> Result<Schedule, Failure> {
    let period = Period::parse(&row.period).map_err(|invalid| Failure::broken(invalid.detail))?;
    Ok(Schedule { period, interval: row.interval, first_on: row.first_on, last_on: row.last_on })
}

/// It orders at the beginning of its next day, unless it is paused or over.
pub(super) async fn set_timer(tx: &mut Connection, row: &StandingRow) -> Result<(), Failure> {
    match row.next_on.filter(|_| !row.paused) {
        Some(next) => timer::set(tx, DUE, row.id, beginning(next)).await,
        None => timer::clear(tx, DUE, row.id).await,
    }
}

fn beginning(day: Date) -> Timestamp {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

fn unknown() -> Refusal {
    Refusal::not_found("standing order")
}

pub(super) fn tell(command: &Command, kind: &'static str, row: &StandingRow, mut data: Value) {
    let subject = Subject { kind: "standing_order", id: row.id, version: row.version };
    data["name"] = json!(row.name);
    command.event(kind, subject, Some(row.portal_id), &[row.organisation_id], data);
}
