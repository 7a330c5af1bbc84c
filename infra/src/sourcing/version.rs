//! The versions of a request, each as it was published.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{RfqId, Timestamp};
use domain::sourcing::Terms;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::rfq_version;

/// A version. It never changes.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rfq_version)]
pub struct VersionRow {
    pub rfq_id: Uuid,
    /// From 1 on.
    pub number: i32,
    /// [`Terms`].
    pub terms: Value,
    /// What quoters learn that it changes: `[{"change", "line"}]`.
    pub changes: Value,
    /// Whether quotes to earlier versions lapse unless they are confirmed.
    pub needs_confirmation: bool,
    pub at: Timestamp,
}

impl VersionRow {
    pub fn terms(&self) -> Result<Terms, Failure> {
        serde_json::from_value(self.terms.clone()).map_err(Failure::broken)
    }
}

pub async fn insert(tx: &mut Connection, new: &VersionRow) -> Result<(), Failure> {
    diesel::insert_into(rfq_version::table).values(new).execute(tx).await?;
    Ok(())
}

/// One version.
pub async fn find(connection: &mut Connection, of: RfqId, number: i32) -> Result<Option<VersionRow>, Failure> {
    let query = rfq_version::table.find((of.0, number)).select(VersionRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// All versions, the first one first.
pub async fn list(connection: &mut Connection, of: RfqId, page: &Page) -> Result<List<VersionRow>, Failure> {
    let after = i32::try_from(page.after_number()).unwrap_or(i32::MAX);
    let query = rfq_version::table
        .filter(rfq_version::rfq_id.eq(of.0).and(rfq_version::number.gt(after)))
        .order(rfq_version::number)
        .limit(page.rows())
        .select(VersionRow::as_select());
    Ok(page.cut_by_number(query.load(connection).await?, |row: &VersionRow| row.number.into()))
}
