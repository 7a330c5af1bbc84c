//! Files that came for an import and belong to no job, or not yet.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::import_file_left;

/// A file is to be removed at a time, unless a job takes it until then.
pub async fn leave(tx: &mut Connection, id: Uuid, remove_at: Timestamp) -> Result<(), Failure> {
    use import_file_left as l;
    diesel::insert_into(l::table).values((l::id.eq(id), l::remove_at.eq(remove_at))).execute(tx).await?;
    Ok(())
}

/// A file is taken, or gone. False if it was not left.
pub async fn unleave(tx: &mut Connection, id: Uuid) -> Result<bool, Failure> {
    Ok(diesel::delete(import_file_left::table.find(id)).execute(tx).await? > 0)
}

/// Some of the files that are to be removed by now.
pub async fn left(connection: &mut Connection, at: Timestamp) -> Result<Vec<Uuid>, Failure> {
    use import_file_left as l;
    Ok(l::table.filter(l::remove_at.le(at)).order(l::remove_at).limit(100).select(l::id).load(connection).await?)
}
