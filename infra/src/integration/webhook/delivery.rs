//! Deliveries: events that are or were sent to an endpoint.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, Timestamp, WebhookDeliveryId, WebhookId};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::event::EventRow;
use crate::schema::{event, webhook_attempt, webhook_delivery, webhook_endpoint};

/// How many old ones are removed in one transaction.
const CHUNK: i64 = 5_000;

/// An event that is or was sent to an endpoint.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = webhook_delivery)]
pub struct DeliveryRow {
    pub id: Uuid,
    pub endpoint_id: Uuid,
    pub tx: i64,
    pub seq: i64,
    pub event_id: Uuid,
    pub event_type: String,
    pub state: String,
    pub attempts: i32,
    pub attempts_in_all: i32,
    pub next_attempt_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// Which deliveries are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A known one: it becomes part of the statement, so that the index of those in this state serves.
    pub state: Option<&'static str>,
    pub event_type: Option<String>,
    /// Of events since then.
    pub since: Option<Timestamp>,
}

/// The least identifier of that time: ids of deliveries begin with the time of their event.
fn least_id(at: Timestamp) -> Uuid {
    Uuid::from_u128(u128::from(at.timestamp_millis().max(0).unsigned_abs()) << 80)
}

/// The deliveries of an endpoint that the caller may see, of the newest events first.
pub async fn list(
    connection: &mut Connection,
    of: WebhookId,
    wanted: &Wanted,
    page: &Page,
) -> Result<List<DeliveryRow>, Failure> {
    let mut query = webhook_delivery::table
        .filter(webhook_delivery::endpoint_id.eq(of.0))
        .order(webhook_delivery::id.desc())
        .limit(page.rows())
        .select(DeliveryRow::as_select())
        .into_boxed();
    if let Some(state) = wanted.state {
        query = query.filter(sql::<Bool>(&format!("webhook_delivery.state = '{state}'")));
        // What goes without saying, in the words of the indexes of what waits.
        match state {
            "pending" => query = query.filter(webhook_delivery::first_attempt_at.is_null()),
            "retrying" => query = query.filter(webhook_delivery::next_attempt_at.is_not_null()),
            _ => {}
        }
    }
    if let Some(kind) = &wanted.event_type {
        query = query.filter(webhook_delivery::event_type.eq(kind.clone()));
    }
    if let Some(since) = wanted.since {
        query = query.filter(webhook_delivery::id.ge(least_id(since)));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(webhook_delivery::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &DeliveryRow| row.id))
}

/// A delivery to an endpoint of this organisation.
pub async fn find(
    connection: &mut Connection,
    of: OrganisationId,
    id: WebhookDeliveryId,
) -> Result<Option<DeliveryRow>, Failure> {
    let query = webhook_delivery::table
        .inner_join(webhook_endpoint::table.on(webhook_endpoint::id.eq(webhook_delivery::endpoint_id)))
        .filter(webhook_delivery::id.eq(id.0))
        .filter(webhook_endpoint::organisation_id.eq(of.0).and(webhook_endpoint::deleted_at.is_null()))
        .select(DeliveryRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

diesel::define_sql_function! {
    /// The id of the delivery of an event to an endpoint.
    fn webhook_delivery_id(happened: SqlUuid, sent_to: SqlUuid) -> SqlUuid;
}

/// The id that the delivery of an event to an endpoint has.
pub async fn id_of(connection: &mut Connection, event: Uuid, endpoint: WebhookId) -> Result<Uuid, Failure> {
    Ok(diesel::select(webhook_delivery_id(event, endpoint.0)).get_result(connection).await?)
}

/// The event of a delivery that the caller may see.
pub async fn event_of(connection: &mut Connection, row: &DeliveryRow) -> Result<EventRow, Failure> {
    let query = event::table.filter(event::tx.eq(row.tx).and(event::seq.eq(row.seq)));
    Ok(query.select(EventRow::as_select()).first(connection).await?)
}

/// Queues a delivery again, with all its attempts before it. Its endpoint's sending is held.
pub async fn send_again(tx: &mut Connection, row: &DeliveryRow, at: Timestamp) -> Result<(), Failure> {
    use webhook_delivery as d;
    let none: Option<Timestamp> = None;
    diesel::update(d::table.find(row.id))
        .set((
            d::round.eq(d::round + 1),
            d::state.eq("pending"),
            d::attempts.eq(0),
            d::first_attempt_at.eq(none),
            d::next_attempt_at.eq(none),
            d::ended_at.eq(none),
        ))
        .execute(tx)
        .await?;
    diesel::sql_query("UPDATE webhook_sending SET due_at = least(due_at, $2) WHERE endpoint_id = $1")
        .bind::<SqlUuid, _>(row.endpoint_id)
        .bind::<diesel::sql_types::Timestamptz, _>(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Removes some deliveries of events from before that time, and says whether there may be more.
pub async fn forget(tx: &mut Connection, before: Timestamp) -> Result<bool, Failure> {
    let old: Vec<Uuid> = webhook_delivery::table
        .filter(webhook_delivery::id.lt(least_id(before)))
        .order(webhook_delivery::id)
        .limit(CHUNK)
        .select(webhook_delivery::id)
        .load(tx)
        .await?;
    if old.is_empty() {
        return Ok(false);
    }
    let attempts = webhook_attempt::table.filter(webhook_attempt::delivery_id.eq_any(&old));
    diesel::delete(attempts).execute(tx).await?;
    diesel::delete(webhook_delivery::table.filter(webhook_delivery::id.eq_any(&old))).execute(tx).await?;
    Ok(i64::try_from(old.len()).is_ok_and(|count| count == CHUNK))
}

/// The state by its word, as a text that lives as long as the program.
pub fn state(word: &str) -> Option<&'static str> {
    ["pending", "retrying", "delivered", "failed"].into_iter().find(|known| *known == word)
}
