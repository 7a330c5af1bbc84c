//! Leases of endpoints: one node at a time sends to one, and another goes on when it is killed.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Timestamptz, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use domain::integration::webhook::health::Health;
use domain::kernel::{Timestamp, WebhookId};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::webhook_sending;

/// An endpoint that was leased, and whose it is.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Leased {
    #[diesel(sql_type = SqlUuid)]
    pub endpoint_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub organisation_id: Uuid,
}

/// Leases endpoints to which something is to be sent and that nobody holds, at most `limit`, those that wait longest first: either those
/// that are `failing`, or the others. Those of the organisations in `full` have to wait.
pub async fn take(
    tx: &mut Connection,
    lease: Uuid,
    failing: bool,
    limit: usize,
    full: &[Uuid],
    (at, until): (Timestamp, Timestamp),
) -> Result<Vec<Leased>, Failure> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let leased = diesel::sql_query(
        "WITH due AS MATERIALIZED (
            SELECT s.endpoint_id, w.organisation_id FROM webhook_sending s JOIN webhook_endpoint w ON w.id = s.endpoint_id
            WHERE s.due_at <= $4 AND (s.failing_since IS NOT NULL) = $2 AND (s.leased_until IS NULL OR s.leased_until <= $4)
                AND w.state = 'enabled' AND w.organisation_id <> ALL ($6)
            ORDER BY s.due_at LIMIT $3 FOR UPDATE OF s SKIP LOCKED)
         UPDATE webhook_sending AS l SET lease = $1, leased_until = $5 FROM due
         WHERE l.endpoint_id = due.endpoint_id RETURNING l.endpoint_id, due.organisation_id",
    )
    .bind::<SqlUuid, _>(lease)
    .bind::<Bool, _>(failing)
    .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX))
    .bind::<Timestamptz, _>(at)
    .bind::<Timestamptz, _>(until)
    .bind::<Array<SqlUuid>, _>(full)
    .load(tx)
    .await?;
    Ok(leased)
}

/// Holds an endpoint's sending until the transaction ends, if it is leased under this name, and says how it has been going.
///
/// The commit is not waited for to reach the disk: if it is lost, what was sent is sent again.
pub async fn hold(tx: &mut Connection, of: WebhookId, lease: Uuid) -> Result<Option<Health>, Failure> {
    use webhook_sending as s;
    (&*tx).batch_execute("SET LOCAL synchronous_commit = off").await?;
    let found: Option<(Option<Timestamp>, i32, Option<Timestamp>)> = s::table
        .filter(s::endpoint_id.eq(of.0).and(s::lease.eq(lease)))
        .select((s::failing_since, s::failures, s::rests_until))
        .for_update()
        .first(tx)
        .await
        .optional()?;
    Ok(found.map(|(failing_since, failures, rests_until)| Health {
        failing_since,
        failures: failures.unsigned_abs(),
        rests_until,
    }))
}

/// Holds an endpoint's sending until the transaction ends, whoever has leased it.
pub async fn hold_any(tx: &mut Connection, of: WebhookId) -> Result<(), Failure> {
    let held = webhook_sending::table.find(of.0).select(webhook_sending::endpoint_id).for_update();
    held.first::<Uuid>(tx).await?;
    Ok(())
}

/// Goes on under the same lease.
pub async fn go_on(tx: &mut Connection, of: WebhookId, health: &Health, until: Timestamp) -> Result<(), Failure> {
    use webhook_sending as s;
    diesel::update(s::table.find(of.0))
        .set((
            s::leased_until.eq(until),
            s::failing_since.eq(health.failing_since),
            s::failures.eq(i32::try_from(health.failures).unwrap_or(i32::MAX)),
            s::rests_until.eq(health.rests_until),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives the lease back; something is to be sent again at `due_at`.
pub async fn end(
    tx: &mut Connection,
    of: WebhookId,
    health: &Health,
    due_at: Option<Timestamp>,
) -> Result<(), Failure> {
    use webhook_sending as s;
    diesel::update(s::table.find(of.0))
        .set((
            s::lease.eq(None::<Uuid>),
            s::leased_until.eq(None::<Timestamp>),
            s::due_at.eq(due_at),
            s::failing_since.eq(health.failing_since),
            s::failures.eq(i32::try_from(health.failures).unwrap_or(i32::MAX)),
            s::rests_until.eq(health.rests_until),
        ))
        .execute(tx)
        .await?;
    Ok(())
}
