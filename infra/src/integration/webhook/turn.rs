//! A turn of sending: what is due for an endpoint, and what came of it.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{Timestamp, WebhookId};
use uuid::Uuid;

use super::attempt::AttemptRow;
use crate::Failure;
use crate::db::Connection;
use crate::db::unnest::{Column, Unnest};
use crate::event::EventRow;
use crate::schema::{webhook_delivery, webhook_endpoint};

/// Where to send, and how to sign.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = webhook_endpoint)]
pub struct TargetRow {
    pub url: String,
    pub state: String,
    pub secret_sealed: Vec<u8>,
    pub old_secret_sealed: Option<Vec<u8>>,
    pub old_secret_until: Option<Timestamp>,
}

/// An event that is to be sent now.
#[derive(Debug, Clone, Queryable)]
pub struct DueRow {
    pub id: Uuid,
    pub round: i32,
    pub attempts: i32,
    pub attempts_in_all: i32,
    pub first_attempt_at: Option<Timestamp>,
    pub event: EventRow,
}

/// What came of sending an event.
#[derive(Debug, Clone)]
pub struct Sent {
    pub delivery_id: Uuid,
    pub round: i32,
    /// `retrying`, `delivered` or `failed`.
    pub state: &'static str,
    pub attempts: i32,
    pub first_attempt_at: Timestamp,
    pub next_attempt_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub attempt: AttemptRow,
}

/// The endpoint as it is now.
pub async fn target(connection: &Connection, id: WebhookId) -> Result<Option<TargetRow>, Failure> {
    let query = webhook_endpoint::table.find(id.0).select(TargetRow::as_select());
    Ok(query.first(&mut &*connection).await.optional()?)
}

/// What is due: what is to be sent again, and what was never sent, in the order of the feed; at most so many of each.
pub async fn due(
    connection: &Connection,
    of: WebhookId,
    at: Timestamp,
    again: i64,
    new: i64,
) -> Result<(Vec<DueRow>, Vec<DueRow>), Failure> {
    let all: Vec<DueRow> = Take { of: of.0, at, again, new }.load(&mut &*connection).await?;
    let (again, mut new): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| row.first_attempt_at.is_some());
    new.sort_unstable_by_key(|row| (row.event.tx, row.event.seq));
    Ok((again, new))
}

/// The deliveries first, and then the event of each: PostgreSQL would rather sort all that waits for an endpoint, at each turn.
struct Take {
    of: Uuid,
    at: Timestamp,
    again: i64,
    new: i64,
}

impl QueryFragment<Pg> for Take {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH d AS MATERIALIZED (
                (SELECT id, tx, seq, round, attempts, attempts_in_all, first_attempt_at FROM webhook_delivery WHERE endpoint_id = ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.of)?;
        out.push_sql(" AND next_attempt_at <= ");
        out.push_bind_param::<Timestamptz, _>(&self.at)?;
        out.push_sql(" ORDER BY next_attempt_at LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.again)?;
        out.push_sql(
            ") UNION ALL
                (SELECT id, tx, seq, round, attempts, attempts_in_all, first_attempt_at FROM webhook_delivery WHERE endpoint_id = ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.of)?;
        out.push_sql(" AND first_attempt_at IS NULL ORDER BY tx, seq LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.new)?;
        out.push_sql(
            "))
             SELECT d.id, d.round, d.attempts, d.attempts_in_all, d.first_attempt_at, e.tx, e.seq, e.id, e.type, e.subject_kind,
                e.subject_id, e.subject_version, e.portal_id, e.schema_version, e.data, e.at
             FROM d CROSS JOIN LATERAL (SELECT * FROM event WHERE tx = d.tx AND seq = d.seq OFFSET 0) AS e",
        );
        Ok(())
    }
}

impl Query for Take {
    type SqlType = (
        SqlUuid,
        Integer,
        Integer,
        Integer,
        Nullable<Timestamptz>,
        (BigInt, BigInt, SqlUuid, Text, Text, SqlUuid, BigInt, Nullable<SqlUuid>, SmallInt, Jsonb, Timestamptz),
    );
}

impl QueryId for Take {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Take {}

/// When the next event is to be sent again; none where none is.
pub async fn next_due(connection: &Connection, of: WebhookId) -> Result<Option<Timestamp>, Failure> {
    let query = webhook_delivery::table
        .filter(webhook_delivery::endpoint_id.eq(of.0).and(webhook_delivery::next_attempt_at.is_not_null()))
        .order(webhook_delivery::next_attempt_at)
        .select(webhook_delivery::next_attempt_at);
    let found: Option<Option<Timestamp>> = query.first(&mut &*connection).await.optional()?;
    Ok(found.flatten())
}

/// Writes what came of a turn, in one statement a table. Who does not hold the lease any more tells what was delivered alone: what was not is
/// the business of who sends now, perhaps to another address, and may have sent the same since.
pub async fn record(connection: &Connection, sent: &[Sent], is_held: bool) -> Result<(), Failure> {
    let sent: Vec<&Sent> = sent.iter().filter(|one| is_held || one.state == "delivered").collect();
    if sent.is_empty() {
        return Ok(());
    }
    let changed = Unnest {
        before: "UPDATE webhook_delivery d SET attempts_in_all = greatest(d.attempts_in_all, t.number),
                state = CASE WHEN d.round = t.round THEN t.state ELSE d.state END,
                attempts = CASE WHEN d.round = t.round THEN t.attempts ELSE d.attempts END,
                first_attempt_at = CASE WHEN d.round = t.round THEN t.first ELSE d.first_attempt_at END,
                next_attempt_at = CASE WHEN d.round = t.round THEN t.next ELSE d.next_attempt_at END,
                ended_at = CASE WHEN d.round = t.round THEN t.ended ELSE d.ended_at END FROM ",
        columns: vec![
            Column::Uuids(sent.iter().map(|one| one.delivery_id).collect()),
            Column::Integers(sent.iter().map(|one| one.round).collect()),
            Column::Words(sent.iter().map(|one| one.state).collect()),
            Column::Integers(sent.iter().map(|one| one.attempts).collect()),
            Column::Integers(sent.iter().map(|one| one.attempt.number).collect()),
            Column::Times(sent.iter().map(|one| one.first_attempt_at).collect()),
            Column::OptionalTimes(sent.iter().map(|one| one.next_attempt_at).collect()),
            Column::OptionalTimes(sent.iter().map(|one| one.ended_at).collect()),
        ],
        after: " AS t (id, round, state, attempts, number, first, next, ended)
             WHERE d.id = t.id AND (d.attempts_in_all < t.number OR t.state = 'delivered')",
    };
    let made = Unnest {
        before: "INSERT INTO webhook_attempt (delivery_id, number, at, duration_ms, signature, status, error, response_headers,
                response_body)
             SELECT t.id, t.number, t.at, t.duration, t.signature, t.status::smallint, t.error, t.headers::jsonb, t.body FROM ",
        columns: vec![
            Column::Uuids(sent.iter().map(|one| one.delivery_id).collect()),
            Column::Integers(sent.iter().map(|one| one.attempt.number).collect()),
            Column::Times(sent.iter().map(|one| one.attempt.at).collect()),
            Column::Integers(sent.iter().map(|one| one.attempt.duration_ms).collect()),
            Column::Texts(sent.iter().map(|one| one.attempt.signature.clone()).collect()),
            Column::OptionalIntegers(sent.iter().map(|one| one.attempt.status.map(i32::from)).collect()),
            Column::OptionalTexts(sent.iter().map(|one| one.attempt.error.clone()).collect()),
            Column::OptionalTexts(sent.iter().map(|one| one.attempt.response_headers.as_ref().map(ToString::to_string)).collect()),
            Column::OptionalTexts(sent.iter().map(|one| one.attempt.response_body.clone()).collect()),
        ],
        after: " AS t (id, number, at, duration, signature, status, error, headers, body) ON CONFLICT DO NOTHING",
    };
    futures::try_join!(changed.execute(connection), made.execute(connection))?;
    Ok(())
}
