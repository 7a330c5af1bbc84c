//! Idempotency keys: the answer of a request, kept in the transaction of its effect.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::idempotency;

diesel::define_sql_function! {
    /// Takes the lock until the transaction ends if nobody holds it.
    fn pg_try_advisory_xact_lock(key: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

/// An answer as it was first given.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency, treat_none_as_default_value = false)]
pub struct Answer {
    pub status: i16,
    pub location: Option<String>,
    pub etag: Option<String>,
    pub body: Vec<u8>,
}

/// What a key turned out to be.
#[derive(Debug)]
pub enum Claim {
    /// Not seen before: do the work, then [`keep`] its answer.
    New,
    /// Seen with the same request: give this answer again.
    Replay(Answer),
    /// Seen with another request.
    Mismatch,
    /// The first request with it is still running.
    Running,
}

/// A key in its scope, and the hash of method, path and body.
#[derive(Debug, Clone)]
pub struct Key {
    /// The organisation, or the person where there is none.
    pub scope: Uuid,
    pub key: String,
    pub request_hash: Vec<u8>,
}

impl Key {
    /// A number for the advisory lock; that two keys share one is as good as impossible and would only cost a 409.
    fn lock(&self) -> i64 {
        use sha2::{Digest, Sha256};
        let hash = Sha256::new().chain_update(self.scope).chain_update(&self.key).finalize();
        i64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
    }
}

/// Claims the key for this transaction in one round trip. Two requests at the very same instant are told apart by the lock;
/// the primary key is the last guard.
pub async fn claim(connection: &mut Connection, key: &Key) -> Result<Claim, Failure> {
    let connection = &*connection;
    let free = diesel::select(pg_try_advisory_xact_lock(key.lock()));
    let kept = idempotency::table.find((key.scope, &key.key)).select((idempotency::request_hash, Answer::as_select()));
    let (free, kept) = futures::try_join!(free.get_result::<bool>(&mut &*connection), async {
        kept.first::<(Vec<u8>, Answer)>(&mut &*connection).await.optional()
    },)?;
    Ok(match kept {
        Some((hash, answer)) if hash == key.request_hash => Claim::Replay(answer),
        Some(_) => Claim::Mismatch,
        None if free => Claim::New,
        None => Claim::Running,
    })
}

/// What the key is, for a caller that keeps others with it away by itself.
pub async fn look(connection: &mut Connection, key: &Key) -> Result<Claim, Failure> {
    let kept = idempotency::table.find((key.scope, &key.key)).select((idempotency::request_hash, Answer::as_select()));
    Ok(match kept.first::<(Vec<u8>, Answer)>(connection).await.optional()? {
        Some((hash, answer)) if hash == key.request_hash => Claim::Replay(answer),
        Some(_) => Claim::Mismatch,
        None => Claim::New,
    })
}

/// Keeps the answer with the key.
pub async fn keep(connection: &Connection, key: &Key, answer: &Answer, at: Timestamp) -> Result<(), Failure> {
    diesel::insert_into(idempotency::table)
        .values((
            idempotency::scope.eq(key.scope),
            idempotency::key.eq(&key.key),
            idempotency::request_hash.eq(&key.request_hash),
            idempotency::status.eq(answer.status),
            idempotency::location.eq(&answer.location),
            idempotency::etag.eq(&answer.etag),
            idempotency::body.eq(&answer.body),
            idempotency::created_at.eq(at),
        ))
        .execute(&mut &*connection)
        .await?;
    Ok(())
}

/// Forgets keys older than `before`; returns how many. A bounded number at a time, so that no transaction grows long.
pub async fn forget(connection: &mut Connection, before: Timestamp) -> Result<usize, Failure> {
    let old = idempotency::table
        .filter(idempotency::created_at.lt(before))
        .select((idempotency::scope, idempotency::key))
        .limit(5_000)
        .load::<(Uuid, String)>(connection)
        .await?;
    let mut count = 0;
    for (scope, key) in old {
        count += diesel::delete(idempotency::table.find((scope, key))).execute(connection).await?;
    }
    Ok(count)
}
