//! Jobs that write exports.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{ExportId, OrganisationId, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::job_queue::job_queue;
use crate::db::page::{List, Page};
use crate::schema::export_job;

/// A job.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = export_job, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct JobRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    /// Who asked for it.
    pub actor_id: Option<Uuid>,
    pub request_id: Option<String>,
    pub state: String,
    /// Why it failed: the slug of a problem, and a sentence.
    pub problem: Option<String>,
    pub detail: Option<String>,
    /// The sections that who asked for it may not read.
    pub left_out: Vec<String>,
    /// How many things there are to look at, and how many were.
    pub total: i64,
    pub done: i64,
    /// How many lines were written.
    pub lines: i64,
    /// Behind what it goes on.
    pub position: Value,
    pub version: i64,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub leased_until: Timestamp,
    pub attempts: i32,
}

job_queue!(export_job);

pub async fn insert(tx: &mut Connection, new: &JobRow) -> Result<(), Failure> {
    diesel::insert_into(export_job::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps the whole row of a job that is held.
pub async fn update(tx: &mut Connection, changed: &JobRow) -> Result<(), Failure> {
    diesel::update(export_job::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

pub async fn delete(tx: &mut Connection, id: Uuid) -> Result<(), Failure> {
    diesel::delete(export_job::table.find(id)).execute(tx).await?;
    Ok(())
}

pub async fn find(connection: &mut Connection, own: OrganisationId, id: ExportId) -> Result<Option<JobRow>, Failure> {
    let query = export_job::table.filter(export_job::id.eq(id.0).and(export_job::organisation_id.eq(own.0)));
    Ok(query.select(JobRow::as_select()).first(connection).await.optional()?)
}

/// A job of this organisation, held until the transaction ends.
pub async fn lock(tx: &mut Connection, own: OrganisationId, id: ExportId) -> Result<Option<JobRow>, Failure> {
    let query = export_job::table.filter(export_job::id.eq(id.0).and(export_job::organisation_id.eq(own.0)));
    Ok(query.select(JobRow::as_select()).for_update().first(tx).await.optional()?)
}

/// A job whosever it is, held until the transaction ends: for who works on it.
pub async fn lock_any(tx: &mut Connection, id: Uuid) -> Result<Option<JobRow>, Failure> {
    Ok(export_job::table.find(id).select(JobRow::as_select()).for_update().first(tx).await.optional()?)
}

/// The jobs of an organisation, newest first.
pub async fn list(connection: &mut Connection, own: OrganisationId, page: &Page) -> Result<List<JobRow>, Failure> {
    let mut query = export_job::table
        .filter(export_job::organisation_id.eq(own.0))
        .order(export_job::id.desc())
        .limit(page.rows())
        .select(JobRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(export_job::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &JobRow| row.id))
}

/// How many jobs of an organisation there are, over or not.
pub async fn kept(connection: &mut Connection, own: OrganisationId) -> Result<i64, Failure> {
    Ok(export_job::table.filter(export_job::organisation_id.eq(own.0)).count().get_result(connection).await?)
}

/// Some of the jobs that were over before.
pub async fn over_before(connection: &mut Connection, before: Timestamp) -> Result<Vec<Uuid>, Failure> {
    let query = export_job::table.filter(export_job::finished_at.lt(before)).order(export_job::finished_at);
    Ok(query.limit(100).select(export_job::id).load(connection).await?)
}
