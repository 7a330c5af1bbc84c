//! Endpoints: where the events of an organisation are sent.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, Timestamp, WebhookId};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{member, person, webhook_delivery, webhook_endpoint, webhook_sending};

/// An endpoint.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_endpoint, treat_none_as_default_value = false)]
pub struct EndpointRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub url: String,
    pub description: Option<String>,
    /// Exact types or `order.*`; none: all.
    pub event_types: Vec<String>,
    pub portal_id: Option<Uuid>,
    pub state: String,
    pub reason: Option<String>,
    pub secret_sealed: Vec<u8>,
    pub old_secret_sealed: Option<Vec<u8>>,
    pub old_secret_until: Option<Timestamp>,
    /// Only what comes behind this position of the feed is sent.
    pub since_tx: i64,
    pub since_seq: i64,
    pub version: i64,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    pub deleted_at: Option<Timestamp>,
}

/// How the sending to an endpoint has been going.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = webhook_sending)]
pub struct HealthRow {
    pub failing_since: Option<Timestamp>,
    pub failures: i32,
    pub rests_until: Option<Timestamp>,
}

/// Keeps a new endpoint, to which nothing is to be sent yet.
pub async fn insert(tx: &mut Connection, new: &EndpointRow) -> Result<(), Failure> {
    diesel::insert_into(webhook_endpoint::table).values(new).execute(tx).await?;
    let sending = (webhook_sending::endpoint_id.eq(new.id), webhook_sending::failures.eq(0));
    diesel::insert_into(webhook_sending::table).values(sending).execute(tx).await?;
    Ok(())
}

/// Keeps all of an endpoint that can change.
pub async fn update(tx: &mut Connection, changed: &EndpointRow) -> Result<(), Failure> {
    use webhook_endpoint as w;
    diesel::update(w::table.find(changed.id))
        .set((
            w::url.eq(&changed.url),
            w::description.eq(&changed.description),
            w::event_types.eq(&changed.event_types),
            w::portal_id.eq(changed.portal_id),
            w::state.eq(&changed.state),
            w::reason.eq(&changed.reason),
            w::secret_sealed.eq(&changed.secret_sealed),
            w::old_secret_sealed.eq(&changed.old_secret_sealed),
            w::old_secret_until.eq(changed.old_secret_until),
            w::since_tx.eq(changed.since_tx),
            w::since_seq.eq(changed.since_seq),
            w::version.eq(changed.version),
            w::disabled_at.eq(changed.disabled_at),
            w::deleted_at.eq(changed.deleted_at),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// The endpoints of an organisation, oldest first.
pub async fn list(connection: &mut Connection, of: OrganisationId, page: &Page) -> Result<List<EndpointRow>, Failure> {
    let mut query = webhook_endpoint::table
        .filter(webhook_endpoint::organisation_id.eq(of.0).and(webhook_endpoint::deleted_at.is_null()))
        .order(webhook_endpoint::id)
        .limit(page.rows())
        .select(EndpointRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(webhook_endpoint::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &EndpointRow| row.id))
}

/// How many endpoints an organisation has. Held until the transaction ends, none is made beside this count.
pub async fn count_alone(tx: &mut Connection, of: OrganisationId) -> Result<i64, Failure> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('webhooks of ' || $1, 0))")
        .bind::<diesel::sql_types::Text, _>(of.to_string())
        .execute(tx)
        .await?;
    let own = webhook_endpoint::organisation_id.eq(of.0).and(webhook_endpoint::deleted_at.is_null());
    Ok(webhook_endpoint::table.filter(own).count().get_result(tx).await?)
}

/// An endpoint of this organisation.
pub async fn find(
    connection: &mut Connection,
    of: OrganisationId,
    id: WebhookId,
) -> Result<Option<EndpointRow>, Failure> {
    let query = webhook_endpoint::table
        .filter(webhook_endpoint::id.eq(id.0).and(webhook_endpoint::organisation_id.eq(of.0)))
        .filter(webhook_endpoint::deleted_at.is_null())
        .select(EndpointRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`find`], held until the transaction ends.
pub async fn lock(tx: &mut Connection, of: OrganisationId, id: WebhookId) -> Result<Option<EndpointRow>, Failure> {
    let query = webhook_endpoint::table
        .filter(webhook_endpoint::id.eq(id.0).and(webhook_endpoint::organisation_id.eq(of.0)))
        .filter(webhook_endpoint::deleted_at.is_null())
        .select(EndpointRow::as_select())
        .for_update();
    Ok(query.first(tx).await.optional()?)
}

/// An endpoint of whichever organisation, held until the transaction ends; for the service itself.
pub async fn lock_any(tx: &mut Connection, id: WebhookId) -> Result<Option<EndpointRow>, Failure> {
    let query = webhook_endpoint::table.find(id.0).filter(webhook_endpoint::deleted_at.is_null());
    Ok(query.select(EndpointRow::as_select()).for_update().first(tx).await.optional()?)
}

/// How the sending to these endpoints has been going.
pub async fn health(connection: &mut Connection, of: &[Uuid]) -> Result<Vec<(Uuid, HealthRow)>, Failure> {
    let query = webhook_sending::table.filter(webhook_sending::endpoint_id.eq_any(of));
    Ok(query.select((webhook_sending::endpoint_id, HealthRow::as_select())).load(connection).await?)
}

/// Nothing is sent any more, whatever is queued.
pub async fn pause(tx: &mut Connection, id: WebhookId) -> Result<(), Failure> {
    let none: Option<Timestamp> = None;
    diesel::update(webhook_sending::table.find(id.0)).set(webhook_sending::due_at.eq(none)).execute(tx).await?;
    Ok(())
}

/// What is queued is sent again, with its past forgotten: after it was enabled, or moved to another address. Who sends to it now has its lease
/// no more: what the old address answers is no business of the new one.
pub async fn resume(tx: &mut Connection, id: WebhookId, at: Timestamp) -> Result<(), Failure> {
    let none: Option<Timestamp> = None;
    diesel::update(webhook_sending::table.find(id.0))
        .set((
            webhook_sending::lease.eq(None::<Uuid>),
            webhook_sending::leased_until.eq(none),
            webhook_sending::due_at.eq(at),
            webhook_sending::failing_since.eq(none),
            webhook_sending::failures.eq(0),
            webhook_sending::rests_until.eq(none),
        ))
        .execute(tx)
        .await?;
    // What waits for its next attempt waits no longer, and has its days before it again.
    let waits = webhook_delivery::endpoint_id.eq(id.0).and(webhook_delivery::next_attempt_at.is_not_null());
    diesel::update(webhook_delivery::table.filter(waits))
        .set((webhook_delivery::next_attempt_at.eq(at), webhook_delivery::first_attempt_at.eq(at)))
        .execute(tx)
        .await?;
    Ok(())
}

/// The mail addresses of those who look after an organisation's webhooks.
pub async fn administrators(connection: &mut Connection, of: OrganisationId) -> Result<Vec<String>, Failure> {
    let query = member::table
        .inner_join(person::table.on(person::id.eq(member::person_id)))
        .filter(member::organisation_id.eq(of.0))
        .filter(member::roles.overlaps_with(vec!["owner".to_owned(), "admin".to_owned()]))
        .filter(person::disabled_at.is_null().and(person::erased_at.is_null()))
        .order(person::email)
        .select(person::email);
    Ok(query.load(connection).await?)
}

/// Removes endpoints that were deleted before, once nothing is kept any more of what was sent to them.
pub async fn forget(tx: &mut Connection, before: Timestamp) -> Result<(), Failure> {
    let sent = webhook_delivery::table.filter(webhook_delivery::endpoint_id.eq(webhook_endpoint::id));
    let old = webhook_endpoint::table
        .filter(webhook_endpoint::deleted_at.lt(before))
        .filter(diesel::dsl::not(diesel::dsl::exists(sent)));
    diesel::delete(old).execute(tx).await?;
    Ok(())
}
