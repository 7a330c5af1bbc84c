//! What operators decided about organisations.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::verification;

/// A decision, with the documents it rests on.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = verification, treat_none_as_default_value = false)]
pub struct VerificationRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub decision: String,
    pub note: Option<String>,
    pub evidence: Vec<Uuid>,
    pub decided_by: Uuid,
    pub decided_at: Timestamp,
}

pub async fn insert(tx: &mut Connection, new: &VerificationRow) -> Result<(), Failure> {
    diesel::insert_into(verification::table).values(new).execute(tx).await?;
    Ok(())
}

/// The decisions about one organisation, oldest first.
pub async fn list(
    connection: &mut Connection,
    about: OrganisationId,
    page: &Page,
) -> Result<List<VerificationRow>, Failure> {
    let mut query = verification::table
        .filter(verification::organisation_id.eq(about.0))
        .order(verification::id)
        .limit(page.rows())
        .select(VerificationRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(verification::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row| row.id))
}
