//! Applications to quote, where the buyer admits who may.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, RfqId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::rfq_application;

/// An application.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rfq_application, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ApplicationRow {
    pub rfq_id: Uuid,
    pub organisation_id: Uuid,
    /// `applied`, `admitted` or `rejected`.
    pub state: String,
    pub note: Option<String>,
    /// With which it proves what it can do.
    pub document_ids: Vec<Uuid>,
    /// Why the buyer decided so.
    pub reason: Option<String>,
    pub applied_at: Timestamp,
    pub decided_at: Option<Timestamp>,
}

/// The application of one company.
pub async fn find(connection: &mut Connection, of: RfqId, company: Uuid) -> Result<Option<ApplicationRow>, Failure> {
    let query = rfq_application::table.find((of.0, company)).select(ApplicationRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`find`], held until the transaction ends.
pub async fn lock(tx: &mut Connection, of: RfqId, company: OrganisationId) -> Result<Option<ApplicationRow>, Failure> {
    let query = rfq_application::table.find((of.0, company.0)).select(ApplicationRow::as_select());
    Ok(query.for_update().first(tx).await.optional()?)
}

pub async fn insert(tx: &mut Connection, new: &ApplicationRow) -> Result<(), Failure> {
    diesel::insert_into(rfq_application::table).values(new).execute(tx).await?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &ApplicationRow) -> Result<(), Failure> {
    diesel::update(rfq_application::table.find((changed.rfq_id, changed.organisation_id)))
        .set(changed)
        .execute(tx)
        .await?;
    Ok(())
}

/// The applications to a request, or that of one company alone.
pub async fn list(
    connection: &mut Connection,
    of: RfqId,
    only: Option<OrganisationId>,
    page: &Page,
) -> Result<List<ApplicationRow>, Failure> {
    let mut query = rfq_application::table
        .filter(rfq_application::rfq_id.eq(of.0))
        .order(rfq_application::organisation_id)
        .limit(page.rows())
        .select(ApplicationRow::as_select())
        .into_boxed();
    if let Some(only) = only {
        query = query.filter(rfq_application::organisation_id.eq(only.0));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(rfq_application::organisation_id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &ApplicationRow| row.organisation_id))
}
