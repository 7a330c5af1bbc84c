//! Who hosts a stream.

use std::time::Duration;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{BigInt, Double, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::journal_stream;

diesel::define_sql_function! {
    fn clock_timestamp() -> diesel::sql_types::Timestamptz;
}

/// How long a lease holds after it was renewed last. Another node takes over so long after a host was killed.
pub const HOLDS: Duration = Duration::from_secs(4);

/// How often it is renewed.
pub const RENEWED: Duration = Duration::from_secs(1);

/// A node: who it is, and under which address the others reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub id: Uuid,
    pub address: String,
}

/// A stream that this node hosts from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Lease {
    #[diesel(sql_type = BigInt)]
    pub epoch: i64,
    /// Of the entry by which this host fenced off all earlier ones.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
}

/// Takes the stream if nobody holds it, and begins the journal of this host. An earlier host that only seemed dead may just have written
/// the entry whose number this one wanted: then nothing is taken, and the next attempt sees it. `at` is the host's time, as it is of all
/// its entries; leases go by the database's clock.
pub async fn take(
    connection: &mut Connection,
    stream: Uuid,
    node: &Node,
    at: Timestamp,
) -> Result<Option<Lease>, Failure> {
    let taken = diesel::sql_query(
        "WITH taken AS (
             UPDATE journal_stream SET epoch = epoch + 1, owner = $2, address = $3,
                 leased_until = clock_timestamp() + make_interval(secs => $4)
             WHERE id = $1 AND leased_until < clock_timestamp() RETURNING id, epoch)
         INSERT INTO journal_entry (stream_id, number, epoch, at, version, count, commands)
         SELECT id, 1 + coalesce((SELECT max(number) FROM journal_entry WHERE stream_id = $1), 0), epoch,
             $5, 0, 0, '' FROM taken
         RETURNING epoch, number",
    )
    .bind::<SqlUuid, _>(stream)
    .bind::<SqlUuid, _>(node.id)
    .bind::<Text, _>(&node.address)
    .bind::<Double, _>(HOLDS.as_secs_f64())
    .bind::<Timestamptz, _>(at)
    .get_result(connection)
    .await
    .optional();
    match taken {
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(None),
        other => Ok(other?),
    }
}

/// Holds the stream for longer; false if another node has it.
pub async fn renew(connection: &mut Connection, stream: Uuid, epoch: i64) -> Result<bool, Failure> {
    let renewed = diesel::sql_query(
        "UPDATE journal_stream SET leased_until = clock_timestamp() + make_interval(secs => $3)
         WHERE id = $1 AND epoch = $2",
    )
    .bind::<SqlUuid, _>(stream)
    .bind::<BigInt, _>(epoch)
    .bind::<Double, _>(HOLDS.as_secs_f64())
    .execute(connection)
    .await?;
    Ok(renewed == 1)
}

/// Gives the stream back, so that another node need not wait for the lease to end.
pub async fn release(connection: &mut Connection, stream: Uuid, epoch: i64) -> Result<(), Failure> {
    let own = journal_stream::table.filter(journal_stream::id.eq(stream).and(journal_stream::epoch.eq(epoch)));
    diesel::update(own).set(journal_stream::leased_until.eq(clock_timestamp())).execute(connection).await?;
    Ok(())
}

/// The node that holds the stream now.
pub async fn owner(connection: &mut Connection, stream: Uuid) -> Result<Option<Node>, Failure> {
    let held = journal_stream::table.find(stream).filter(journal_stream::leased_until.gt(clock_timestamp()));
    let row: Option<(Option<Uuid>, Option<String>)> =
        held.select((journal_stream::owner, journal_stream::address)).first(connection).await.optional()?;
    Ok(row.and_then(|(id, address)| Some(Node { id: id?, address: address? })))
}
