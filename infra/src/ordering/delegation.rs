//! Who decides for whom, and when.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{DelegationId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::approval_delegation;

/// Somebody stands in for somebody else.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = approval_delegation, treat_none_as_default_value = false)]
pub struct DelegationRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub from_id: Uuid,
    pub to_id: Uuid,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub version: i64,
    pub created_by: Uuid,
    pub created_at: Timestamp,
}

pub async fn insert(tx: &mut Connection, new: &DelegationRow) -> Result<(), Failure> {
    diesel::insert_into(approval_delegation::table).values(new).execute(tx).await?;
    Ok(())
}

/// The delegations of an organisation that were not taken back, newest first; with `of_person`, those from and to them.
pub async fn list(
    connection: &mut Connection,
    of: OrganisationId,
    of_person: Option<Uuid>,
    page: &Page,
) -> Result<List<DelegationRow>, Failure> {
    let mut query = approval_delegation::table
        .filter(approval_delegation::organisation_id.eq(of.0).and(approval_delegation::revoked_at.is_null()))
        .order(approval_delegation::id.desc())
        .limit(page.rows())
        .select(DelegationRow::as_select())
        .into_boxed();
    if let Some(person) = of_person {
        let theirs = approval_delegation::from_id.eq(person).or(approval_delegation::to_id.eq(person));
        query = query.filter(theirs);
    }
    if let Some(after) = page.after_id() {
        query = query.filter(approval_delegation::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &DelegationRow| row.id))
}

/// A delegation of this organisation that was not taken back.
pub async fn find(
    connection: &mut Connection,
    of: OrganisationId,
    id: DelegationId,
) -> Result<Option<DelegationRow>, Failure> {
    let query = approval_delegation::table
        .filter(approval_delegation::id.eq(id.0).and(approval_delegation::organisation_id.eq(of.0)))
        .filter(approval_delegation::revoked_at.is_null())
        .select(DelegationRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`find`], holding it until the transaction ends.
pub async fn lock(tx: &mut Connection, of: OrganisationId, id: DelegationId) -> Result<Option<DelegationRow>, Failure> {
    let query = approval_delegation::table
        .filter(approval_delegation::id.eq(id.0).and(approval_delegation::organisation_id.eq(of.0)))
        .filter(approval_delegation::revoked_at.is_null())
        .select(DelegationRow::as_select())
        .for_update();
    Ok(query.first(tx).await.optional()?)
}

/// Takes it back.
pub async fn revoke(tx: &mut Connection, row: &DelegationRow, at: Timestamp) -> Result<(), Failure> {
    diesel::update(approval_delegation::table.find(row.id))
        .set((approval_delegation::revoked_at.eq(at), approval_delegation::version.eq(row.version + 1)))
        .execute(tx)
        .await?;
    Ok(())
}
