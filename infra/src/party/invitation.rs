//! Invitations of people into organisations. Only hashes of their tokens are kept.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{InvitationId, OrganisationId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::invitation;

/// An invitation.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = invitation)]
pub struct InvitationRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    /// In lower case.
    pub email: String,
    pub roles: Vec<String>,
    pub token_hash: Vec<u8>,
    pub created_by: Uuid,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

pub async fn insert(tx: &mut Connection, new: &InvitationRow) -> Result<(), Failure> {
    diesel::insert_into(invitation::table).values(new).execute(tx).await?;
    Ok(())
}

/// The invitations of an organisation, oldest first.
pub async fn list(
    connection: &mut Connection,
    of: OrganisationId,
    page: &Page,
) -> Result<List<InvitationRow>, Failure> {
    let mut query = invitation::table
        .filter(invitation::organisation_id.eq(of.0))
        .order(invitation::id)
        .limit(page.rows())
        .select(InvitationRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(invitation::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &InvitationRow| row.id))
}

/// An invitation of this organisation.
pub async fn find(
    connection: &mut Connection,
    of: OrganisationId,
    id: InvitationId,
) -> Result<Option<InvitationRow>, Failure> {
    let query = invitation::table
        .filter(invitation::id.eq(id.0).and(invitation::organisation_id.eq(of.0)))
        .select(InvitationRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// The invitation of a token, if it is still open.
pub async fn find_open(
    connection: &mut Connection,
    token_hash: &[u8],
    at: Timestamp,
) -> Result<Option<InvitationRow>, Failure> {
    let query = invitation::table
        .filter(invitation::token_hash.eq(token_hash).and(invitation::expires_at.gt(at)))
        .filter(invitation::accepted_at.is_null().and(invitation::revoked_at.is_null()))
        .select(InvitationRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// Takes the invitation of a token, if it is still open; from then on it is used.
pub async fn accept(tx: &mut Connection, token_hash: &[u8], at: Timestamp) -> Result<Option<InvitationRow>, Failure> {
    let open = invitation::table
        .filter(invitation::token_hash.eq(token_hash).and(invitation::expires_at.gt(at)))
        .filter(invitation::accepted_at.is_null().and(invitation::revoked_at.is_null()));
    let taken = diesel::update(open).set(invitation::accepted_at.eq(at)).returning(InvitationRow::as_returning());
    Ok(taken.get_result(tx).await.optional()?)
}

/// Revokes an invitation that is still open; says whether it was.
pub async fn revoke(tx: &mut Connection, of: OrganisationId, id: InvitationId, at: Timestamp) -> Result<bool, Failure> {
    let open = invitation::table
        .filter(invitation::id.eq(id.0).and(invitation::organisation_id.eq(of.0)))
        .filter(invitation::accepted_at.is_null().and(invitation::revoked_at.is_null()));
    Ok(diesel::update(open).set(invitation::revoked_at.eq(at)).execute(tx).await? > 0)
}

/// Revokes what is open for an address: a new invitation takes its place.
pub async fn revoke_open(tx: &mut Connection, of: OrganisationId, email: &str, at: Timestamp) -> Result<(), Failure> {
    let open = invitation::table
        .filter(invitation::organisation_id.eq(of.0).and(invitation::email.eq(email)))
        .filter(invitation::accepted_at.is_null().and(invitation::revoked_at.is_null()));
    diesel::update(open).set(invitation::revoked_at.eq(at)).execute(tx).await?;
    Ok(())
}
