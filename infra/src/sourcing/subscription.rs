//! Which requests of a portal companies want to be told of.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PortalId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{organisation, portal_member, rfq_subscription};

/// What a company wants to hear of on a portal.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rfq_subscription)]
pub struct SubscriptionRow {
    pub portal_id: Uuid,
    pub organisation_id: Uuid,
    /// Requests for these, or for what is below them; none at all are all requests.
    pub categories: Vec<Uuid>,
    pub version: i64,
    pub changed_at: Timestamp,
}

pub async fn find(
    connection: &mut Connection,
    on: PortalId,
    of: OrganisationId,
) -> Result<Option<SubscriptionRow>, Failure> {
    let query = rfq_subscription::table.find((on.0, of.0)).select(SubscriptionRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`find`], held until the transaction ends.
pub async fn lock(tx: &mut Connection, on: PortalId, of: OrganisationId) -> Result<Option<SubscriptionRow>, Failure> {
    let query = rfq_subscription::table.find((on.0, of.0)).select(SubscriptionRow::as_select());
    Ok(query.for_update().first(tx).await.optional()?)
}

/// Keeps what a company wants to hear of in place of what it wanted before.
pub async fn put(tx: &mut Connection, wanted: &SubscriptionRow) -> Result<(), Failure> {
    diesel::insert_into(rfq_subscription::table)
        .values(wanted)
        .on_conflict((rfq_subscription::portal_id, rfq_subscription::organisation_id))
        .do_update()
        .set(wanted)
        .execute(tx)
        .await?;
    Ok(())
}

/// It wants to hear of nothing any more.
pub async fn delete(tx: &mut Connection, on: PortalId, of: OrganisationId) -> Result<(), Failure> {
    diesel::delete(rfq_subscription::table.find((on.0, of.0))).execute(tx).await?;
    Ok(())
}

/// The companies that want to hear of requests for any of these categories and may quote on the portal. Those for everything hear of
/// requests without categories, too.
pub async fn subscribers(connection: &mut Connection, on: PortalId, categories: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    let below = sql::<Bool>(
        "(cardinality(rfq_subscription.categories) = 0 OR EXISTS (
            SELECT FROM category WHERE category.path && rfq_subscription.categories AND category.id = ANY (",
    )
    .bind::<Array<SqlUuid>, _>(categories.to_vec())
    .sql(")))");
    let query = rfq_subscription::table
        .inner_join(
            portal_member::table.on(portal_member::portal_id
                .eq(rfq_subscription::portal_id)
                .and(portal_member::organisation_id.eq(rfq_subscription::organisation_id))),
        )
        .inner_join(organisation::table.on(organisation::id.eq(rfq_subscription::organisation_id)))
        .filter(rfq_subscription::portal_id.eq(on.0))
        .filter(portal_member::state.eq("active").and(portal_member::capabilities.contains(vec!["quote"])))
        .filter(organisation::state.eq("verified"))
        .filter(below)
        .order(rfq_subscription::organisation_id)
        .select(rfq_subscription::organisation_id);
    Ok(query.load(connection).await?)
}
