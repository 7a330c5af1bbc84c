//! The parts of exports: files that wait in the store.

use diesel::prelude::*;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::export_part;

/// A part; its packed and its plain size are in bytes.
#[derive(Debug, Clone, Copy, Queryable, Selectable, Insertable)]
#[diesel(table_name = export_part)]
pub struct PartRow {
    pub export_id: Uuid,
    pub number: i32,
    pub file_id: Uuid,
    pub packed: i64,
    pub plain: i64,
}

pub async fn insert(tx: &mut Connection, new: &PartRow) -> Result<(), Failure> {
    diesel::insert_into(export_part::table).values(new).execute(tx).await?;
    Ok(())
}

/// The parts of an export, in their order.
pub async fn of_export(connection: &mut Connection, export: Uuid) -> Result<Vec<PartRow>, Failure> {
    let query = export_part::table.filter(export_part::export_id.eq(export)).order(export_part::number);
    Ok(query.select(PartRow::as_select()).load(connection).await?)
}

/// Forgets the parts of an export, and leaves their files to be removed from then on.
pub async fn leave_all(tx: &mut Connection, export: Uuid, at: Timestamp) -> Result<(), Failure> {
    let leave = "WITH gone AS (DELETE FROM export_part WHERE export_id = $1 RETURNING file_id)
        INSERT INTO import_file_left (id, remove_at) SELECT file_id, $2 FROM gone";
    let query = diesel::sql_query(leave).bind::<SqlUuid, _>(export).bind::<Timestamptz, _>(at);
    query.execute(tx).await?;
    Ok(())
}
