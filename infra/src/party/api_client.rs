//! Machines that act for organisations, and their secrets. Only hashes of secrets are kept.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{ApiClientId, OrganisationId, SecretId, Timestamp};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{List, Page};
use crate::schema::{api_client, api_client_secret};

/// A machine of an organisation.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_client)]
pub struct ApiClientRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub name: String,
    pub scopes: Vec<String>,
    pub revoked_at: Option<Timestamp>,
    pub version: i64,
    pub created_by: Uuid,
    pub created_at: Timestamp,
}

/// A secret of a machine.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_client_secret)]
pub struct SecretRow {
    pub id: Uuid,
    pub api_client_id: Uuid,
    pub secret_hash: Vec<u8>,
    /// The last four characters, so that people can tell two secrets apart.
    pub hint: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

pub async fn insert(tx: &mut Connection, new: &ApiClientRow) -> Result<(), Failure> {
    diesel::insert_into(api_client::table).values(new).execute(tx).await?;
    Ok(())
}

/// Keeps all of a client that can change.
pub async fn update(tx: &mut Connection, changed: &ApiClientRow) -> Result<(), Failure> {
    diesel::update(api_client::table.find(changed.id))
        .set((
            api_client::name.eq(&changed.name),
            api_client::scopes.eq(&changed.scopes),
            api_client::revoked_at.eq(changed.revoked_at),
            api_client::version.eq(changed.version),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// The clients of an organisation that are not revoked, oldest first.
pub async fn list(connection: &mut Connection, of: OrganisationId, page: &Page) -> Result<List<ApiClientRow>, Failure> {
    let mut query = api_client::table
        .filter(api_client::organisation_id.eq(of.0).and(api_client::revoked_at.is_null()))
        .order(api_client::id)
        .limit(page.rows())
        .select(ApiClientRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(api_client::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &ApiClientRow| row.id))
}

/// A client of this organisation that is not revoked.
pub async fn find(
    connection: &mut Connection,
    of: OrganisationId,
    id: ApiClientId,
) -> Result<Option<ApiClientRow>, Failure> {
    let query = api_client::table
        .filter(api_client::id.eq(id.0).and(api_client::organisation_id.eq(of.0)))
        .filter(api_client::revoked_at.is_null())
        .select(ApiClientRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// [`find`], holding the client until the transaction ends.
pub async fn lock(tx: &mut Connection, of: OrganisationId, id: ApiClientId) -> Result<Option<ApiClientRow>, Failure> {
    let query = api_client::table
        .filter(api_client::id.eq(id.0).and(api_client::organisation_id.eq(of.0)))
        .filter(api_client::revoked_at.is_null())
        .select(ApiClientRow::as_select())
        .for_update();
    Ok(query.first(tx).await.optional()?)
}

pub async fn insert_secret(tx: &mut Connection, new: &SecretRow) -> Result<(), Failure> {
    diesel::insert_into(api_client_secret::table).values(new).execute(tx).await?;
    Ok(())
}

/// The secrets of a client that are good at this time: two at most, oldest first.
pub async fn valid_secrets(
    connection: &mut Connection,
    of: ApiClientId,
    at: Timestamp,
) -> Result<Vec<SecretRow>, Failure> {
    let query = api_client_secret::table
        .filter(api_client_secret::api_client_id.eq(of.0))
        .filter(api_client_secret::revoked_at.is_null().and(api_client_secret::expires_at.gt(at)))
        .order(api_client_secret::id)
        .select(SecretRow::as_select());
    Ok(query.load(connection).await?)
}

/// Revokes a secret of the client that is good; says whether there was one.
pub async fn revoke_secret(tx: &mut Connection, of: ApiClientId, id: SecretId, at: Timestamp) -> Result<bool, Failure> {
    let good = api_client_secret::table
        .filter(api_client_secret::id.eq(id.0).and(api_client_secret::api_client_id.eq(of.0)))
        .filter(api_client_secret::revoked_at.is_null().and(api_client_secret::expires_at.gt(at)));
    Ok(diesel::update(good).set(api_client_secret::revoked_at.eq(at)).execute(tx).await? > 0)
}

/// What a machine shows to get a token, and what it may get.
#[derive(Debug)]
pub struct Credentials {
    pub organisation_id: Uuid,
    pub scopes: Vec<String>,
    pub secret_id: Uuid,
}

/// The client with this secret, if neither is revoked and the secret has not expired.
pub async fn authenticate(
    connection: &mut Connection,
    id: ApiClientId,
    secret_hash: &[u8],
    at: Timestamp,
) -> Result<Option<Credentials>, Failure> {
    let found: Option<(Uuid, Vec<String>, Uuid)> = api_client_secret::table
        .inner_join(api_client::table.on(api_client::id.eq(api_client_secret::api_client_id)))
        .filter(api_client::id.eq(id.0).and(api_client::revoked_at.is_null()))
        .filter(api_client_secret::secret_hash.eq(secret_hash))
        .filter(api_client_secret::revoked_at.is_null().and(api_client_secret::expires_at.gt(at)))
        .select((api_client::organisation_id, api_client::scopes, api_client_secret::id))
        .first(connection)
        .await
        .optional()?;
    Ok(found.map(|(organisation_id, scopes, secret_id)| Credentials { organisation_id, scopes, secret_id }))
}
