//! Events: what happened, written with what made it happen; the feed of an organisation and the audit log at once.

mod check;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{event, event_audience};

/// Something that happened, to be appended.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: Uuid,
    /// Such as `order.confirmed`.
    pub kind: &'static str,
    pub subject_kind: &'static str,
    pub subject_id: Uuid,
    /// The version of the subject after it happened.
    pub subject_version: i64,
    pub portal_id: Option<Uuid>,
    /// The person or API client; none for the service itself.
    pub actor_id: Option<Uuid>,
    pub request_id: Option<String>,
    /// The organisations that may see it in their feeds.
    pub audience: Vec<Uuid>,
    pub data: Value,
    pub at: Timestamp,
}

/// A position in the feed: the writing transaction and the number within all events. Ordered by both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub tx: i64,
    pub seq: i64,
}

/// An event as the feed gives it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = event)]
pub struct EventRow {
    pub tx: i64,
    pub seq: i64,
    pub id: Uuid,
    pub kind: String,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub subject_version: i64,
    pub portal_id: Option<Uuid>,
    pub schema_version: i16,
    pub data: Value,
    pub at: Timestamp,
}

/// A UUIDv7 of its time that is always the same for the same text: what is made again from a journal has the names that it had.
pub fn id_of(text: &str, at: Timestamp) -> Uuid {
    let digest: [u8; 32] = Sha256::digest(text).into();
    let mut random = [0; 10];
    random.copy_from_slice(&digest[..10]);
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Appends events and their audiences in one statement, in order. With debug assertions, what is not as the catalogue of events says is
/// refused as broken: readers build on it.
pub async fn append(connection: &Connection, events: &[Event]) -> Result<(), Failure> {
    if cfg!(debug_assertions)
        && let Some(fault) = events.iter().flat_map(check::faults).next()
    {
        return Err(Failure::broken(format!("an event is not as the catalogue says: {fault}")));
    }
    if !events.is_empty() {
        Append::new(events).execute(&mut &*connection).await?;
    }
    Ok(())
}

/// One statement for any number of rows, so that it is prepared once: arrays are unnested.
struct Append<'a> {
    ids: Vec<Uuid>,
    kinds: Vec<&'a str>,
    subject_kinds: Vec<&'a str>,
    subject_ids: Vec<Uuid>,
    subject_versions: Vec<i64>,
    portal_ids: Vec<Option<Uuid>>,
    actor_ids: Vec<Option<Uuid>>,
    request_ids: Vec<Option<&'a str>>,
    data: Vec<&'a Value>,
    at: Vec<Timestamp>,
    audience_events: Vec<Uuid>,
    audience: Vec<Uuid>,
}

impl<'a> Append<'a> {
    fn new(events: &'a [Event]) -> Self {
        let audience = || events.iter().flat_map(|e| each_once(&e.audience).map(|o| (e.id, o)));
        Self {
            ids: events.iter().map(|e| e.id).collect(),
            kinds: events.iter().map(|e| e.kind).collect(),
            subject_kinds: events.iter().map(|e| e.subject_kind).collect(),
            subject_ids: events.iter().map(|e| e.subject_id).collect(),
            subject_versions: events.iter().map(|e| e.subject_version).collect(),
            portal_ids: events.iter().map(|e| e.portal_id).collect(),
            actor_ids: events.iter().map(|e| e.actor_id).collect(),
            request_ids: events.iter().map(|e| e.request_id.as_deref()).collect(),
            data: events.iter().map(|e| &e.data).collect(),
            at: events.iter().map(|e| e.at).collect(),
            audience_events: audience().map(|(event, _)| event).collect(),
            audience: audience().map(|(_, organisation)| organisation).collect(),
        }
    }
}

/// Nobody hears twice. Letting the database find that out costs more than the rows.
fn each_once(audience: &[Uuid]) -> impl Iterator<Item = Uuid> {
    let is_first = |(place, one): &(usize, &Uuid)| !audience[..*place].contains(one);
    audience.iter().enumerate().filter(is_first).map(|(_, one)| *one)
}

impl QueryFragment<Pg> for Append<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH written AS (
                INSERT INTO event
                    (tx, id, type, subject_kind, subject_id, subject_version, portal_id, actor_id, request_id, data, at)
                SELECT (SELECT pg_current_xact_id()::text::bigint), unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql("), unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.kinds)?;
        out.push_sql("), unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.subject_kinds)?;
        out.push_sql("), unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.subject_ids)?;
        out.push_sql("), unnest(");
        out.push_bind_param::<Array<BigInt>, _>(&self.subject_versions)?;
        out.push_sql("), unnest(");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.portal_ids)?;
        out.push_sql("), unnest(");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.actor_ids)?;
        out.push_sql("), unnest(");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.request_ids)?;
        out.push_sql("), unnest(");
        out.push_bind_param::<Array<Jsonb>, _>(&self.data)?;
        out.push_sql("), unnest(");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.at)?;
        // Unnested side by side the rows come in the order of the arrays, and are numbered so.
        out.push_sql(
            ") RETURNING tx, seq, id
             )
             INSERT INTO event_audience (organisation_id, tx, seq)
             SELECT a.organisation_id, w.tx, w.seq FROM unnest(",
        );
        out.push_bind_param::<Array<SqlUuid>, _>(&self.audience_events)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.audience)?;
        out.push_sql(") AS a (event_id, organisation_id) JOIN written w ON w.id = a.event_id");
        Ok(())
    }
}

impl QueryId for Append<'_> {
    type QueryId = Append<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Append<'_> {}

diesel::define_sql_function! {
    /// The transaction below which all have ended: what they wrote can be read without gaps.
    fn event_horizon() -> BigInt;
}

/// Which events are wanted: all that every filter lets through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of these types; none means all.
    pub kinds: Vec<String>,
    /// Of this portal.
    pub portal: Option<Uuid>,
    /// About this thing.
    pub subject: Option<Uuid>,
}

/// The events that concern an organisation, after a position, oldest first, at most `limit`. Only what no running
/// transaction can still precede is seen, so that a reader who remembers its last position never misses one.
pub async fn feed(
    connection: &mut Connection,
    organisation: Uuid,
    after: Option<Position>,
    wanted: &Wanted,
    limit: i64,
) -> Result<Vec<EventRow>, Failure> {
    let after = after.unwrap_or(Position { tx: 0, seq: 0 });
    let mut query = event_audience::table
        .inner_join(event::table.on(event::tx.eq(event_audience::tx).and(event::seq.eq(event_audience::seq))))
        .filter(event_audience::organisation_id.eq(organisation))
        .filter(event_audience::tx.lt(event_horizon()))
        .filter(
            event_audience::tx.gt(after.tx).or(event_audience::tx.eq(after.tx).and(event_audience::seq.gt(after.seq))),
        )
        .filter(event_audience::tx.ge(after.tx))
        .order((event_audience::tx, event_audience::seq))
        .select(EventRow::as_select())
        .limit(limit)
        .into_boxed();
    if !wanted.kinds.is_empty() {
        query = query.filter(event::kind.eq_any(wanted.kinds.clone()));
    }
    if let Some(portal) = wanted.portal {
        query = query.filter(event::portal_id.eq(portal));
    }
    if let Some(subject) = wanted.subject {
        query = query.filter(event::subject_id.eq(subject));
    }
    Ok(query.load(connection).await?)
}

/// An event as the audit log gives it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = event)]
pub struct AuditRow {
    #[diesel(embed)]
    pub event: EventRow,
    pub actor_id: Option<Uuid>,
    pub request_id: Option<String>,
}

/// All events, newest first.
pub async fn audit(
    connection: &mut Connection,
    subject: Option<Uuid>,
    kind: Option<&str>,
    before: Option<Position>,
    limit: i64,
) -> Result<Vec<AuditRow>, Failure> {
    let mut query = event::table
        .order((event::tx.desc(), event::seq.desc()))
        .select(AuditRow::as_select())
        .limit(limit)
        .into_boxed();
    if let Some(subject) = subject {
        query = query.filter(event::subject_id.eq(subject));
    }
    if let Some(kind) = kind {
        query = query.filter(event::kind.eq(kind.to_owned()));
    }
    if let Some(before) = before {
        query = query.filter(event::tx.le(before.tx));
        query = query.filter(event::tx.lt(before.tx).or(event::seq.lt(before.seq)));
    }
    Ok(query.load(connection).await?)
}

/// Where the feed ends at the moment: everything that is visible lies before it.
pub async fn end(connection: &mut Connection) -> Result<Position, Failure> {
    let horizon: i64 = diesel::select(event_horizon()).get_result(connection).await?;
    Ok(Position { tx: horizon - 1, seq: i64::MAX })
}
