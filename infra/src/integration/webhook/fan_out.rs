//! From the feed to the endpoints: every committed event is queued once for each enabled endpoint that wants it, in the order of the feed.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use domain::kernel::{Timestamp, WebhookId};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::prepared::Prepare;
use crate::event::Position;
use crate::schema::webhook_feed;

/// How many events are queued in one transaction.
const CHUNK: i64 = 200;

/// Which events an endpoint `w` wants of those of its organisation: the rule of `domain::integration::webhook::filter`.
pub(super) const WANTED: &str = "(cardinality(w.event_types) = 0
        OR w.event_types && ARRAY[e.type, split_part(e.type, '.', 1) || '.*'])
     AND (w.portal_id IS NULL OR w.portal_id = e.portal_id)";

/// What there is to do.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Waits {
    /// Events wait to be queued: some are visible behind the position, and there is an enabled endpoint.
    #[diesel(sql_type = Bool)]
    pub queueing: bool,
    /// Something is due to an endpoint.
    #[diesel(sql_type = Bool)]
    pub sending: bool,
}

#[derive(QueryableByName)]
struct Bounds {
    #[diesel(sql_type = BigInt)]
    horizon: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    since_tx: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    since_seq: Option<i64>,
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = SqlUuid)]
    endpoint_id: Uuid,
}

#[derive(QueryableByName)]
struct At {
    #[diesel(sql_type = BigInt)]
    tx: i64,
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

/// What there is to do. It is asked after each change of anything, so it is one look that costs little.
pub async fn waits(connection: &mut Connection, at: Timestamp) -> Result<Waits, Failure> {
    let query = diesel::sql_query(
        "SELECT EXISTS (SELECT FROM webhook_endpoint WHERE state = 'enabled') AND EXISTS (
            SELECT FROM (SELECT tx FROM event
                WHERE (tx, seq) > ((SELECT tx FROM webhook_feed), (SELECT seq FROM webhook_feed))
                ORDER BY tx, seq LIMIT 1) AS next
            WHERE next.tx < event_horizon()) AS queueing,
            coalesce((SELECT min(due_at) FROM webhook_sending) <= $1, false) AS sending",
    );
    Ok(query.bind::<Timestamptz, _>(at).prepared().get_result(connection).await?)
}

/// Up to where events were queued.
pub async fn position(connection: &mut Connection) -> Result<Position, Failure> {
    let (tx, seq) = webhook_feed::table.select((webhook_feed::tx, webhook_feed::seq)).first(connection).await?;
    Ok(Position { tx, seq })
}

/// What came of [`advance`].
#[derive(Debug, Default)]
pub struct Advanced {
    /// Whether there may be more to queue.
    pub more: bool,
    /// Endpoints for which something was queued while somebody held their sending: they are to be [woken](wake).
    pub asleep: Vec<Uuid>,
}

/// Queues the next events. Does nothing while another node is at it, and waits for nobody: the feed is everybody's.
///
/// The commit is not waited for to reach the disk: if it is lost, so is the position, and the events are queued again.
pub async fn advance(tx: &mut Connection, at: Timestamp) -> Result<Advanced, Failure> {
    (&*tx).batch_execute("SET LOCAL synchronous_commit = off").await?;
    let held: Option<(i64, i64)> = webhook_feed::table
        .select((webhook_feed::tx, webhook_feed::seq))
        .for_update()
        .skip_locked()
        .first(tx)
        .await
        .optional()?;
    let Some((from_tx, from_seq)) = held else { return Ok(Advanced::default()) };
    let bounds: Bounds = diesel::sql_query(
        "SELECT event_horizon() AS horizon, w.since_tx, w.since_seq FROM (SELECT) AS one LEFT JOIN LATERAL (
            SELECT since_tx, since_seq FROM webhook_endpoint WHERE state = 'enabled' ORDER BY since_tx, since_seq LIMIT 1) AS w ON true",
    )
    .get_result(tx)
    .await?;
    let (Some(since_tx), Some(since_seq)) = (bounds.since_tx, bounds.since_seq) else {
        return Ok(Advanced::default());
    };
    // What lies before the oldest wish is of no interest: nobody walks through it.
    let from = Position { tx: from_tx, seq: from_seq }.max(Position { tx: since_tx, seq: since_seq });
    let last: Option<At> = diesel::sql_query(
        "SELECT tx, seq FROM event WHERE (tx, seq) > ($1, $2) AND tx < $3 ORDER BY tx, seq OFFSET $4 LIMIT 1",
    )
    .bind::<BigInt, _>(from.tx)
    .bind::<BigInt, _>(from.seq)
    .bind::<BigInt, _>(bounds.horizon)
    .bind::<BigInt, _>(CHUNK - 1)
    .get_result(tx)
    .await
    .optional()?;
    let more = last.is_some();
    let end = Position { tx: bounds.horizon - 1, seq: i64::MAX };
    let to = last.map_or(end, |at| Position { tx: at.tx, seq: at.seq }).max(from);
    let asleep = queue(tx, from, to, at).await?;
    diesel::update(webhook_feed::table)
        .set((webhook_feed::tx.eq(to.tx), webhook_feed::seq.eq(to.seq)))
        .execute(tx)
        .await?;
    Ok(Advanced { more, asleep })
}

/// Queues what lies behind `from`, up to `to`: a chunk at most. The steps are put one after the other by hand, since PostgreSQL takes ranges
/// of positions for much larger or smaller than they are, and would read all audiences. Endpoints whose sending somebody holds are passed over
/// and given back: to wait for one of them would hold up all organisations.
async fn queue(tx: &mut Connection, from: Position, to: Position, at: Timestamp) -> Result<Vec<Uuid>, Failure> {
    let text = format!(
        "WITH happened AS MATERIALIZED (
            SELECT tx, seq, id, type, portal_id FROM event WHERE (tx, seq) > ($1, $2) AND (tx, seq) <= ($3, $4)
            ORDER BY tx, seq LIMIT {CHUNK}),
         e AS MATERIALIZED (
            SELECT h.*, a.organisation_id FROM happened h CROSS JOIN LATERAL (
                SELECT organisation_id FROM event_audience WHERE tx = h.tx AND seq = h.seq OFFSET 0) AS a),
         queued AS (
            INSERT INTO webhook_delivery (id, endpoint_id, tx, seq, event_id, event_type, state, created_at)
            SELECT webhook_delivery_id(e.id, w.id), w.id, e.tx, e.seq, e.id, e.type, 'pending', $5
            FROM e
            JOIN webhook_endpoint w ON w.organisation_id = e.organisation_id AND w.state = 'enabled'
            JOIN organisation o ON o.id = w.organisation_id AND o.state <> 'closed'
            WHERE (e.tx, e.seq) > (w.since_tx, w.since_seq) AND {WANTED}
            ORDER BY e.tx, e.seq
            ON CONFLICT (id) DO NOTHING
            RETURNING endpoint_id),
         these AS MATERIALIZED (SELECT DISTINCT endpoint_id FROM queued),
         held AS MATERIALIZED (
            SELECT s.endpoint_id FROM these JOIN webhook_sending s ON s.endpoint_id = these.endpoint_id FOR UPDATE OF s SKIP LOCKED),
         woken AS (
            UPDATE webhook_sending s SET due_at = least(s.due_at, $5) FROM held WHERE s.endpoint_id = held.endpoint_id)
         SELECT endpoint_id FROM these WHERE endpoint_id NOT IN (SELECT endpoint_id FROM held)"
    );
    let asleep: Vec<Named> = diesel::sql_query(text)
        .bind::<BigInt, _>(from.tx)
        .bind::<BigInt, _>(from.seq)
        .bind::<BigInt, _>(to.tx)
        .bind::<BigInt, _>(to.seq)
        .bind::<Timestamptz, _>(at)
        .load(tx)
        .await?;
    Ok(asleep.into_iter().map(|one| one.endpoint_id).collect())
}

/// Makes endpoints due for which something was queued while their sending was held, and gives those that were reached; the others are held
/// still.
pub async fn wake(connection: &mut Connection, asleep: &[Uuid], at: Timestamp) -> Result<Vec<Uuid>, Failure> {
    let woken: Vec<Named> = diesel::sql_query(
        "UPDATE webhook_sending SET due_at = least(due_at, $2) WHERE endpoint_id IN (
            SELECT endpoint_id FROM webhook_sending WHERE endpoint_id = ANY($1) FOR UPDATE SKIP LOCKED)
         RETURNING endpoint_id",
    )
    .bind::<Array<SqlUuid>, _>(asleep)
    .bind::<Timestamptz, _>(at)
    .load(connection)
    .await?;
    Ok(woken.into_iter().map(|one| one.endpoint_id).collect())
}

/// Makes endpoints due of which nobody knows any more that something is queued for them: the node that passed them over is gone.
pub async fn wake_forgotten(connection: &mut Connection, at: Timestamp) -> Result<(), Failure> {
    diesel::sql_query(
        "UPDATE webhook_sending SET due_at = $1 WHERE endpoint_id IN (
            SELECT s.endpoint_id FROM webhook_sending s JOIN webhook_endpoint w ON w.id = s.endpoint_id AND w.state = 'enabled'
            WHERE (s.due_at IS NULL OR s.due_at > $1) AND (s.rests_until IS NULL OR s.rests_until <= $1)
                AND EXISTS (SELECT FROM webhook_delivery d WHERE d.endpoint_id = s.endpoint_id AND d.first_attempt_at IS NULL)
            FOR UPDATE OF s SKIP LOCKED)",
    )
    .bind::<Timestamptz, _>(at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Queues one event about the endpoint itself for it, whatever it wants. The event was appended in this transaction.
pub async fn queue_one(tx: &mut Connection, of: WebhookId, event: Uuid, at: Timestamp) -> Result<(), Failure> {
    diesel::sql_query("UPDATE webhook_sending SET due_at = least(due_at, $2) WHERE endpoint_id = $1")
        .bind::<SqlUuid, _>(of.0)
        .bind::<Timestamptz, _>(at)
        .execute(tx)
        .await?;
    diesel::sql_query(
        "INSERT INTO webhook_delivery (id, endpoint_id, tx, seq, event_id, event_type, state, created_at)
         SELECT webhook_delivery_id(e.id, $1), $1, e.tx, e.seq, e.id, e.type, 'pending', $3
         FROM event e WHERE e.subject_id = $1 AND e.id = $2",
    )
    .bind::<SqlUuid, _>(of.0)
    .bind::<SqlUuid, _>(event)
    .bind::<Timestamptz, _>(at)
    .execute(tx)
    .await?;
    Ok(())
}
