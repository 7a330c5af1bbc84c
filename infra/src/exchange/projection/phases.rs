//! Changes of phase in the feed of events, for those who trade on the portal and those who manage it.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::exchange::{HaltReason, Phase};
use domain::kernel::{InstrumentId, PortalId, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::event::{Event as FeedEvent, id_of};
use crate::exchange::CONCERNED;
use crate::portal::store::concerned;
use crate::schema::instrument;

/// A change of phase.
pub struct Row {
    pub instrument: InstrumentId,
    pub from: Phase,
    pub to: Phase,
    pub halted_for: Option<HaltReason>,
    pub at: Timestamp,
    /// The entry of the journal, and the place among its events.
    pub entry: i64,
    pub position: usize,
    /// How many trades of the same rows came before it.
    pub trades_before: usize,
}

/// What is told of an instrument.
#[derive(Queryable, Selectable)]
#[diesel(table_name = instrument)]
struct Told {
    id: Uuid,
    portal_id: Uuid,
    code: String,
    version: i64,
}

/// One event for each change, in their order, with the number of trades before it.
pub async fn events(
    connection: &mut Connection,
    stream: Uuid,
    rows: &[Row],
) -> Result<Vec<(usize, FeedEvent)>, Failure> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let named: HashSet<Uuid> = rows.iter().map(|row| row.instrument.0).collect();
    let named: Vec<Uuid> = named.into_iter().collect();
    let found: Vec<Told> =
        instrument::table.filter(instrument::id.eq_any(named)).select(Told::as_select()).load(connection).await?;
    let instruments: HashMap<Uuid, Told> = found.into_iter().map(|told| (told.id, told)).collect();
    // A market is of one portal.
    let Some(portal) = instruments.values().next().map(|told| told.portal_id) else { return Ok(Vec::new()) };
    let audience = concerned(connection, PortalId(portal), &CONCERNED).await?;
    let told = |row: &Row| {
        let of = instruments.get(&row.instrument.0)?;
        Some((row.trades_before, event(stream, row, of, audience.clone())))
    };
    Ok(rows.iter().filter_map(told).collect())
}

fn event(stream: Uuid, row: &Row, of: &Told, audience: Vec<Uuid>) -> FeedEvent {
    FeedEvent {
        id: id_of(&format!("{stream} {} {}", row.entry, row.position), row.at),
        kind: "instrument.phase_changed",
        subject_kind: "instrument",
        subject_id: of.id,
        subject_version: of.version,
        portal_id: Some(of.portal_id),
        actor_id: None,
        request_id: None,
        audience,
        data: json!({"code": of.code, "from": row.from, "to": row.to, "reason": row.halted_for}),
        at: row.at,
    }
}
