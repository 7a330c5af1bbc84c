//! Snapshots: the state after an entry, so that not the whole journal has to be read.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{journal_projection, journal_snapshot};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = journal_snapshot)]
pub struct Snapshot {
    pub stream_id: Uuid,
    /// Of the last entry that is in it.
    pub number: i64,
    pub at: Timestamp,
    pub state: Vec<u8>,
}

/// Keeps a snapshot and removes those that nobody needs any more: of those that the projections have reached, all but the last two.
pub async fn keep(connection: &mut Connection, snapshot: &Snapshot) -> Result<(), Failure> {
    diesel::insert_into(journal_snapshot::table).values(snapshot).on_conflict_do_nothing().execute(connection).await?;
    let reached = up_to_projections(connection, snapshot.stream_id).await?;
    if let Some(oldest) = reached.get(1) {
        let own = journal_snapshot::table.filter(journal_snapshot::stream_id.eq(snapshot.stream_id));
        diesel::delete(own.filter(journal_snapshot::number.lt(oldest))).execute(connection).await?;
    }
    Ok(())
}

/// The numbers of the snapshots from which the projections can go on, the last one first.
pub async fn up_to_projections(connection: &mut Connection, stream: Uuid) -> Result<Vec<i64>, Failure> {
    let cursor = journal_projection::table.find(stream).select(journal_projection::number).single_value();
    let reached = journal_snapshot::table
        .filter(journal_snapshot::stream_id.eq(stream))
        .filter(journal_snapshot::number.nullable().le(cursor))
        .order(journal_snapshot::number.desc());
    Ok(reached.select(journal_snapshot::number).load(connection).await?)
}

/// The numbers of all snapshots of a stream, the first one first.
pub async fn numbers(connection: &mut Connection, stream: Uuid) -> Result<Vec<i64>, Failure> {
    let own = journal_snapshot::table.filter(journal_snapshot::stream_id.eq(stream)).order(journal_snapshot::number);
    Ok(own.select(journal_snapshot::number).load(connection).await?)
}

/// A snapshot; none where it was removed, since later ones do.
pub async fn find(connection: &mut Connection, stream: Uuid, number: i64) -> Result<Option<Snapshot>, Failure> {
    let one = journal_snapshot::table.find((stream, number)).select(Snapshot::as_select());
    Ok(one.first(connection).await.optional()?)
}
