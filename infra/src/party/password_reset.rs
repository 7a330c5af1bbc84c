//! Tokens that let somebody choose a new password. Only their hashes are kept.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{PersonId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{password_reset, person};

pub async fn insert(
    tx: &mut Connection,
    of: PersonId,
    token_hash: &[u8],
    at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Failure> {
    diesel::insert_into(password_reset::table)
        .values((
            password_reset::token_hash.eq(token_hash),
            password_reset::person_id.eq(of.0),
            password_reset::created_at.eq(at),
            password_reset::expires_at.eq(expires_at),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// The e-mail address behind a token that is still good.
pub async fn email_of(
    connection: &mut Connection,
    token_hash: &[u8],
    at: Timestamp,
) -> Result<Option<String>, Failure> {
    let query = password_reset::table
        .inner_join(person::table.on(person::id.eq(password_reset::person_id)))
        .filter(password_reset::token_hash.eq(token_hash).and(password_reset::used_at.is_null()))
        .filter(password_reset::expires_at.gt(at).and(person::disabled_at.is_null()))
        .select(person::email);
    Ok(query.first(connection).await.optional()?)
}

/// Takes a token that is still good; from then on it is used.
pub async fn take(tx: &mut Connection, token_hash: &[u8], at: Timestamp) -> Result<Option<PersonId>, Failure> {
    let good = password_reset::table
        .filter(password_reset::token_hash.eq(token_hash).and(password_reset::used_at.is_null()))
        .filter(password_reset::expires_at.gt(at));
    let taken = diesel::update(good).set(password_reset::used_at.eq(at)).returning(password_reset::person_id);
    Ok(taken.get_result::<Uuid>(tx).await.optional()?.map(PersonId))
}

/// Makes all tokens of a person useless: the password has changed, or the person is gone.
pub async fn forget(tx: &mut Connection, of: PersonId, at: Timestamp) -> Result<(), Failure> {
    let open = password_reset::table.filter(password_reset::person_id.eq(of.0).and(password_reset::used_at.is_null()));
    diesel::update(open).set(password_reset::used_at.eq(at)).execute(tx).await?;
    Ok(())
}
