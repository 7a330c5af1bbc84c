//! Keys that sign access tokens.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;

use crate::Failure;
use crate::db::Connection;
use crate::schema::signing_key;

/// A key pair; the private part is sealed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_key, treat_none_as_default_value = false)]
pub struct SigningKey {
    pub kid: String,
    pub private_key_sealed: Vec<u8>,
    pub public_key: Vec<u8>,
    pub created_at: Timestamp,
    pub retired_at: Option<Timestamp>,
}

/// The key in use and those retired since `retired_after`, oldest first.
pub async fn load_published(connection: &mut Connection, retired_after: Timestamp) -> Result<Vec<SigningKey>, Failure> {
    let keys = signing_key::table
        .filter(signing_key::retired_at.is_null().or(signing_key::retired_at.gt(retired_after)))
        .order(signing_key::created_at)
        .select(SigningKey::as_select())
        .load(connection)
        .await?;
    Ok(keys)
}

/// Puts the new key in the place of the one in use. Only one node at a time may do this; the others then find it.
pub async fn replace(tx: &mut Connection, key: &SigningKey) -> Result<(), Failure> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtext('signing_key'))").execute(tx).await?;
    // Another node may have been quicker while this one waited for the lock.
    let fresh: i64 = signing_key::table
        .filter(signing_key::retired_at.is_null())
        .filter(signing_key::created_at.gt(key.created_at - chrono::TimeDelta::minutes(1)))
        .count()
        .get_result(tx)
        .await?;
    if fresh > 0 {
        return Ok(());
    }
    diesel::update(signing_key::table.filter(signing_key::retired_at.is_null()))
        .set(signing_key::retired_at.eq(key.created_at))
        .execute(tx)
        .await?;
    diesel::insert_into(signing_key::table).values(key).execute(tx).await?;
    Ok(())
}
