//! What is done with instruments.

use domain::exchange::Terms;
use domain::kernel::{Faults, InstrumentId, PortalId, Refusal, TradingScheduleId};
use infra::Failure;
use infra::catalogue::category;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::exchange::instrument::{self, Filter, InstrumentRow};
use infra::exchange::schedule;
use serde_json::json;
use uuid::Uuid;

use super::dto::{InstrumentData, InstrumentDto, InstrumentQuery};
use crate::command::{Command, Subject};
use crate::exchange::access;
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;

pub fn unknown() -> Refusal {
    Refusal::not_found("instrument")
}

/// Lists an instrument.
pub async fn create(
    tx: &mut Connection,
    command: &Command,
    portal: &str,
    data: &InstrumentData,
    languages: &[String],
) -> Result<Answer<InstrumentDto>, Failure> {
    let seen = access::seen(tx, Some(&command.by), portal).await?;
    access::may_manage(&command.by, &seen)?;
    let terms = check(tx, seen.id, data).await?;
    terms.check_new(command.at.date_naive())?;
    let row = InstrumentRow {
        id: command.id(),
        portal_id: seen.id.0,
        version: 1,
        created_at: command.at,
        traded_at: None,
        delisted_at: None,
        ..row_of(&terms, data)?
    };
    instrument::insert(tx, &row).await?;
    tell(tx, command, "instrument.created", &row).await?;
    let location = format!("/v1/instruments/{}", row.id);
    Ok(Answer::created(location, InstrumentDto::of(&row, languages)?).version(1))
}

/// Changes what may change of an instrument.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    id: InstrumentId,
    expected: i64,
    patch: &Patch<InstrumentData>,
    languages: &[String],
) -> Result<Answer<InstrumentDto>, Failure> {
    let held = managed(tx, &command.by, id, expected, "changed").await?;
    let before = InstrumentData::of(&held)?;
    let after = patch.apply(&before)?;
    let terms = check(tx, PortalId(held.portal_id), &after).await?;
    terms_of(&before)?.check_change(&terms, held.traded_at.is_some())?;
    let row = InstrumentRow {
        id: held.id,
        portal_id: held.portal_id,
        version: held.version + 1,
        created_at: held.created_at,
        traded_at: held.traded_at,
        delisted_at: held.delisted_at,
        ..row_of(&terms, &after)?
    };
    instrument::update(tx, &row).await?;
    tell(tx, command, "instrument.changed", &row).await?;
    Ok(Answer::ok(InstrumentDto::of(&row, languages)?).version(row.version))
}

/// Takes an instrument from the exchange for good.
pub async fn delist(
    tx: &mut Connection,
    command: &Command,
    id: InstrumentId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let mut held = managed(tx, &command.by, id, expected, "delisted").await?;
    held.delisted_at = Some(command.at);
    held.version += 1;
    instrument::update(tx, &held).await?;
    tell(tx, command, "instrument.delisted", &held).await?;
    Ok(Answer::no_content())
}

/// One instrument, with its version.
pub async fn find(
    connection: &mut Connection,
    by: Option<&Principal>,
    id: InstrumentId,
    languages: &[String],
) -> Result<(InstrumentDto, i64), Failure> {
    let found = instrument::of_id(connection, id).await?.ok_or_else(unknown)?;
    access::seen_of(connection, by, found.portal_id, unknown).await?;
    Ok((InstrumentDto::of(&found, languages)?, found.version))
}

/// The instruments that are listed on a portal.
pub async fn list(
    connection: &mut Connection,
    by: Option<&Principal>,
    portal: &str,
    query: &InstrumentQuery,
    page: &Page,
    languages: &[String],
) -> Result<List<InstrumentDto>, Failure> {
    let seen = access::seen(connection, by, portal).await?;
    let filter = Filter { code: query.code.as_deref(), category: query.category, currency: query.currency.as_deref() };
    let found = instrument::list(connection, seen.id, filter, page).await?;
    let items: Result<Vec<_>, _> = found.items.iter().map(|row| InstrumentDto::of(row, languages)).collect();
    Ok(List { items: items?, next: found.next })
}

/// An instrument that the caller decides on and that is listed, held until the transaction ends.
async fn managed(
    tx: &mut Connection,
    by: &Principal,
    id: InstrumentId,
    expected: i64,
    step: &str,
) -> Result<InstrumentRow, Failure> {
    let found = instrument::of_id(tx, id).await?.ok_or_else(unknown)?;
    let seen = access::seen_of(tx, Some(by), found.portal_id, unknown).await?;
    access::may_manage(by, &seen)?;
    let held = instrument::lock(tx, id).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    if held.delisted_at.is_some() {
        return Err(Refusal::wrong_state("instrument", "delisted", step).into());
    }
    Ok(held)
}

/// The terms, or all faults, also those that only the database knows of.
async fn check(tx: &mut Connection, portal: PortalId, data: &InstrumentData) -> Result<Terms, Failure> {
    let mut faults = Faults::default();
    let terms = data.input().check("", &mut faults);
    if let Some(id) = data.category_id
        && category::known(tx, &[id]).await?.is_empty()
    {
        faults.add("/category_id", "unknown", "There is no such category.");
    }
    if let Some(id) = data.schedule_id
        && schedule::of_id(tx, TradingScheduleId(id)).await?.is_none_or(|row| row.portal_id != portal.0)
    {
        faults.add("/schedule_id", "unknown", "The portal has no such schedule.");
    }
    faults.result()?;
    terms.ok_or_else(|| Failure::broken("an instrument without faults has no terms"))
}

/// The terms of what is kept.
fn terms_of(data: &InstrumentData) -> Result<Terms, Failure> {
    let mut faults = Faults::default();
    let terms = data.input().check("", &mut faults);
    terms.ok_or_else(|| Failure::broken(format!("stored instrument {}: {:?}", data.code, faults.0)))
}

/// What is kept of an instrument as it is stated; the rest is empty.
fn row_of(terms: &Terms, data: &InstrumentData) -> Result<InstrumentRow, Failure> {
    let rules = &terms.rules;
    let number = |value: u32| i32::try_from(value).map_err(Failure::broken);
    Ok(InstrumentRow {
        id: Uuid::nil(),
        portal_id: Uuid::nil(),
        code: terms.code.clone(),
        name: json!(terms.names),
        category_id: data.category_id,
        grade: terms.grade.clone(),
        specification: json!(terms.specification),
        unit: terms.unit.code().to_owned(),
        lot_size: rules.lot_size,
        tick_size: rules.tick_size,
        currency: rules.currency.code().to_owned(),
        incoterm: terms.incoterm.code().to_owned(),
        incoterm_place: terms.place.clone(),
        delivery_from: terms.delivery_from,
        delivery_to: terms.delivery_to,
        band_up_ppm: rules.band.map(|band| number(band.up_ppm)).transpose()?,
        band_down_ppm: rules.band.map(|band| number(band.down_ppm)).transpose()?,
        volatility_ppm: rules.volatility_ppm.map(number).transpose()?,
        self_trade: rules.self_trade.code().to_owned(),
        guarantee: rules.guarantee.code().to_owned(),
        max_live_orders: rules.max_live_orders.map(number).transpose()?,
        max_session_lots: rules.max_session_lots.map(i64::try_from).transpose().map_err(Failure::broken)?,
        differentials: json!(terms.differentials),
        tolerance_more_ppm: number(terms.tolerance.more_ppm)?,
        tolerance_less_ppm: number(terms.tolerance.less_ppm)?,
        tax_category: terms.tax.category().code().to_owned(),
        tax_rate: terms.tax.rate(),
        payment_days: terms.payment_days,
        reference_price: terms.reference_price(),
        schedule_id: data.schedule_id,
        version: 0,
        created_at: Default::default(),
        traded_at: None,
        delisted_at: None,
    })
}

async fn tell(tx: &mut Connection, command: &Command, kind: &'static str, row: &InstrumentRow) -> Result<(), Failure> {
    let audience = access::concerned(tx, &command.by, PortalId(row.portal_id)).await?;
    let subject = Subject { kind: "instrument", id: row.id, version: row.version };
    let data = json!({"code": row.code, "name": row.name});
    command.event(kind, subject, Some(row.portal_id), &audience, data);
    Ok(())
}
