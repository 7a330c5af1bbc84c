//! Jobs that take files in.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Timestamptz};
use diesel_async::RunQueryDsl;
use domain::kernel::{ImportId, OrganisationId, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::job_queue::job_queue;
use crate::db::page::{List, Page};
use crate::schema::import_job;

/// A job.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = import_job, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct JobRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    /// Who sent the file.
    pub actor_id: Option<Uuid>,
    pub request_id: Option<String>,
    pub kind: String,
    pub portal_id: Option<Uuid>,
    pub dry_run: bool,
    pub file_name: Option<String>,
    pub file_id: Uuid,
    pub size: i64,
    /// How the file is read.
    pub reading: Value,
    pub state: String,
    /// Why it failed: the slug of a problem, and a sentence.
    pub problem: Option<String>,
    pub detail: Option<String>,
    pub total: i64,
    pub done: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub failed: i64,
    /// How many faults are listed.
    pub listed: i64,
    pub version: i64,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub leased_until: Timestamp,
    pub attempts: i32,
    pub file_removed: bool,
}

/// How many faults are forgotten by one statement.
const FORGOTTEN_AT_ONCE: i32 = 20_000;

job_queue!(import_job);

pub async fn insert(tx: &mut Connection, new: &JobRow) -> Result<(), Failure> {
    diesel::insert_into(import_job::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps the whole row of a job that is held.
pub async fn update(tx: &mut Connection, changed: &JobRow) -> Result<(), Failure> {
    diesel::update(import_job::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

pub async fn find(connection: &mut Connection, own: OrganisationId, id: ImportId) -> Result<Option<JobRow>, Failure> {
    let query = import_job::table.filter(import_job::id.eq(id.0).and(import_job::organisation_id.eq(own.0)));
    Ok(query.select(JobRow::as_select()).first(connection).await.optional()?)
}

/// A job of this organisation, held until the transaction ends.
pub async fn lock(tx: &mut Connection, own: OrganisationId, id: ImportId) -> Result<Option<JobRow>, Failure> {
    let query = import_job::table.filter(import_job::id.eq(id.0).and(import_job::organisation_id.eq(own.0)));
    Ok(query.select(JobRow::as_select()).for_update().first(tx).await.optional()?)
}

/// A job whosever it is, held until the transaction ends: for who works on it.
pub async fn lock_any(tx: &mut Connection, id: Uuid) -> Result<Option<JobRow>, Failure> {
    Ok(import_job::table.find(id).select(JobRow::as_select()).for_update().first(tx).await.optional()?)
}

/// The jobs of an organisation, newest first.
pub async fn list(connection: &mut Connection, own: OrganisationId, page: &Page) -> Result<List<JobRow>, Failure> {
    let mut query = import_job::table
        .filter(import_job::organisation_id.eq(own.0))
        .order(import_job::id.desc())
        .limit(page.rows())
        .select(JobRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(import_job::id.lt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &JobRow| row.id))
}

/// Whether a job has the file; one that came twice with the same key belongs to none.
pub async fn has_file(connection: &mut Connection, file: Uuid) -> Result<bool, Failure> {
    let query = import_job::table.filter(import_job::file_id.eq(file));
    Ok(diesel::select(diesel::dsl::exists(query)).get_result(connection).await?)
}

/// Forgets some of what was refused in jobs that were over before, and with the last of it the jobs. True if there may be more.
pub async fn forget_some(tx: &mut Connection, over_before: Timestamp) -> Result<bool, Failure> {
    let some = "DELETE FROM import_error WHERE ctid = ANY (ARRAY(SELECT e.ctid FROM import_job j
        JOIN import_error e ON e.import_id = j.id WHERE j.finished_at < $1 LIMIT $2))";
    let query = diesel::sql_query(some).bind::<Timestamptz, _>(over_before).bind::<Integer, _>(FORGOTTEN_AT_ONCE);
    if query.execute(tx).await? > 0 {
        return Ok(true);
    }
    let old = import_job::table.filter(import_job::finished_at.lt(over_before).and(import_job::file_removed));
    diesel::delete(old).execute(tx).await?;
    Ok(false)
}

/// A job that is over and whose file is still there.
pub async fn with_file_left(connection: &mut Connection) -> Result<Option<(Uuid, Uuid)>, Failure> {
    let query =
        import_job::table.filter(import_job::finished_at.is_not_null()).filter(import_job::file_removed.eq(false));
    Ok(query.order(import_job::id).select((import_job::id, import_job::file_id)).first(connection).await.optional()?)
}

pub async fn file_removed(tx: &mut Connection, id: Uuid) -> Result<(), Failure> {
    diesel::update(import_job::table.find(id)).set(import_job::file_removed.eq(true)).execute(tx).await?;
    Ok(())
}
