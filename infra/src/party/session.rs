//! Log-ins and their refresh tokens. A refresh token is good once; one that comes again ends its session.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, PersonId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{refresh_token, session};

/// A log-in.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = session, treat_none_as_default_value = false)]
pub struct SessionRow {
    pub id: Uuid,
    pub person_id: Uuid,
    pub organisation_id: Option<Uuid>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub ended_reason: Option<String>,
}

pub async fn insert(tx: &mut Connection, new: &SessionRow) -> Result<(), Failure> {
    diesel::insert_into(session::table).values(new).execute(tx).await?;
    Ok(())
}

pub async fn add_refresh_token(tx: &mut Connection, of: Uuid, token_hash: &[u8], at: Timestamp) -> Result<(), Failure> {
    diesel::insert_into(refresh_token::table)
        .values((
            refresh_token::token_hash.eq(token_hash),
            refresh_token::session_id.eq(of),
            refresh_token::created_at.eq(at),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// The session of a refresh token and whether the token was used before; both rows are held.
pub async fn lock_by_refresh_token(
    tx: &mut Connection,
    token_hash: &[u8],
) -> Result<Option<(SessionRow, bool)>, Failure> {
    let found: Option<(Uuid, Option<Timestamp>)> = refresh_token::table
        .find(token_hash)
        .select((refresh_token::session_id, refresh_token::used_at))
        .for_update()
        .first(tx)
        .await
        .optional()?;
    let Some((id, used_at)) = found else { return Ok(None) };
    let row = session::table.find(id).select(SessionRow::as_select()).for_update().first(tx).await?;
    Ok(Some((row, used_at.is_some())))
}

pub async fn use_refresh_token(tx: &mut Connection, token_hash: &[u8], at: Timestamp) -> Result<(), Failure> {
    diesel::update(refresh_token::table.find(token_hash)).set(refresh_token::used_at.eq(at)).execute(tx).await?;
    Ok(())
}

/// Ends one session.
pub async fn end(tx: &mut Connection, id: Uuid, at: Timestamp, reason: &str) -> Result<(), Failure> {
    diesel::update(session::table.filter(session::id.eq(id).and(session::ended_at.is_null())))
        .set((session::ended_at.eq(at), session::ended_reason.eq(reason)))
        .execute(tx)
        .await?;
    Ok(())
}

/// Ends all running sessions of a person, or those for one organisation.
pub async fn end_all(
    tx: &mut Connection,
    person: PersonId,
    organisation: Option<OrganisationId>,
    at: Timestamp,
    reason: &str,
) -> Result<(), Failure> {
    let running = session::table.filter(session::person_id.eq(person.0).and(session::ended_at.is_null()));
    let ended = (session::ended_at.eq(at), session::ended_reason.eq(reason));
    match organisation {
        Some(one) => {
            let there = running.filter(session::organisation_id.eq(one.0));
            diesel::update(there).set(ended).execute(tx).await?;
        }
        None => {
            diesel::update(running).set(ended).execute(tx).await?;
        }
    }
    Ok(())
}

/// Ends all running sessions of a person but one.
pub async fn end_others(
    tx: &mut Connection,
    person: PersonId,
    kept: Uuid,
    at: Timestamp,
    reason: &str,
) -> Result<(), Failure> {
    let running = session::table.filter(session::person_id.eq(person.0).and(session::ended_at.is_null()));
    diesel::update(running.filter(session::id.ne(kept)))
        .set((session::ended_at.eq(at), session::ended_reason.eq(reason)))
        .execute(tx)
        .await?;
    Ok(())
}
