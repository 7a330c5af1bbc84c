//! Replays: everything since a time is sent again, or for the first time.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, Timestamp, WebhookId};

use super::fan_out::WANTED;
use crate::Failure;
use crate::db::Connection;
use crate::event::Position;
use crate::schema::{event, event_audience};

/// How many events are stepped over at a time.
const STEP: i64 = 2_000;

/// Where a replay begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// What lies behind this position is wanted.
    pub from: Position,
    /// The last event of as many as are looked at; none if there were fewer.
    pub end: Option<Position>,
}

/// Behind which position all events of an organisation since a time lie, found by going back from the newest; none if more than `most` lie
/// between. Only a row in [`STEP`] is looked at, and nothing is held.
///
/// Positions follow the commits, times the beginnings of what is committed: between both lie `slack` at most.
pub async fn begin(
    connection: &mut Connection,
    of: OrganisationId,
    since: Timestamp,
    slack: chrono::TimeDelta,
    most: i64,
) -> Result<Option<Position>, Failure> {
    use event_audience as a;
    let mut from = Position { tx: i64::MAX, seq: i64::MAX };
    for _ in 0..most / STEP {
        let before: Option<(i64, i64)> = a::table
            .filter(a::organisation_id.eq(of.0).and(a::tx.le(from.tx)))
            .filter(a::tx.lt(from.tx).or(a::seq.lt(from.seq)))
            .order((a::tx.desc(), a::seq.desc()))
            .offset(STEP - 1)
            .limit(1)
            .select((a::tx, a::seq))
            .first(connection)
            .await
            .optional()?;
        let Some((tx, seq)) = before else { return Ok(Some(Position { tx: 0, seq: 0 })) };
        from = Position { tx, seq };
        let place = event::tx.eq(tx).and(event::seq.eq(seq));
        let at: Timestamp = event::table.filter(place).select(event::at).first(connection).await?;
        if at < since - slack {
            return Ok(Some(from));
        }
    }
    Ok(None)
}

/// As many events of an organisation behind a position as are looked at in one replay.
pub async fn span(connection: &mut Connection, of: OrganisationId, from: Position, most: i64) -> Result<Span, Failure> {
    use event_audience as a;
    let last: Option<(i64, i64)> = a::table
        .filter(a::organisation_id.eq(of.0).and(a::tx.ge(from.tx)))
        .filter(a::tx.gt(from.tx).or(a::seq.gt(from.seq)))
        .order((a::tx, a::seq))
        .offset(most - 1)
        .limit(1)
        .select((a::tx, a::seq))
        .first(connection)
        .await
        .optional()?;
    Ok(Span { from, end: last.map(|(tx, seq)| Position { tx, seq }) })
}

/// Queues what an endpoint wants of its organisation's events since a time, behind one position up to the other, of so many at most; says
/// how many these are. The endpoint's sending is held. The steps are put one after the other by hand, as when events are queued first.
pub async fn queue(
    tx: &mut Connection,
    of: WebhookId,
    (from, to): (Position, Position),
    since: Timestamp,
    most: i64,
    at: Timestamp,
) -> Result<usize, Failure> {
    let text = format!(
        "WITH known AS MATERIALIZED (
            SELECT tx, seq FROM event_audience
            WHERE organisation_id = (SELECT organisation_id FROM webhook_endpoint WHERE id = $1)
                AND (tx, seq) > ($2, $3) AND (tx, seq) <= ($4, $5)
            ORDER BY tx, seq LIMIT $8)
         INSERT INTO webhook_delivery AS d (id, endpoint_id, tx, seq, event_id, event_type, state, created_at)
         SELECT webhook_delivery_id(e.id, w.id), w.id, e.tx, e.seq, e.id, e.type, 'pending', $7
         FROM known k
         CROSS JOIN LATERAL (SELECT * FROM event WHERE tx = k.tx AND seq = k.seq OFFSET 0) AS e
         JOIN webhook_endpoint w ON w.id = $1
         WHERE e.at >= $6 AND {WANTED}
         ORDER BY e.tx, e.seq
         ON CONFLICT (id) DO UPDATE SET round = d.round + 1, state = 'pending', attempts = 0, first_attempt_at = NULL, next_attempt_at = NULL,
             ended_at = NULL"
    );
    let queued = diesel::sql_query(text)
        .bind::<SqlUuid, _>(of.0)
        .bind::<BigInt, _>(from.tx)
        .bind::<BigInt, _>(from.seq)
        .bind::<BigInt, _>(to.tx)
        .bind::<BigInt, _>(to.seq)
        .bind::<Timestamptz, _>(since)
        .bind::<Timestamptz, _>(at)
        .bind::<BigInt, _>(most)
        .execute(tx)
        .await?;
    diesel::sql_query("UPDATE webhook_sending SET due_at = least(due_at, $2) WHERE endpoint_id = $1")
        .bind::<SqlUuid, _>(of.0)
        .bind::<Timestamptz, _>(at)
        .execute(tx)
        .await?;
    Ok(queued)
}
