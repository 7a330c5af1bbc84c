//! Who a document speaks of: organisations by their identifiers, and machines by what they show.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{OrganisationId, Timestamp};
use domain::party::identifier::Identifier;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{api_client, api_client_secret, organisation, organisation_identifier};

/// The organisations that have one of these identifiers and that anybody may know of, each once.
pub async fn by_identifiers(
    connection: &mut Connection,
    identifiers: &[Identifier],
) -> Result<Vec<OrganisationId>, Failure> {
    let schemes: Vec<&str> = identifiers.iter().map(|one| one.scheme.code()).collect();
    let values: Vec<&str> = identifiers.iter().map(|one| one.value.as_str()).collect();
    let found: Vec<(String, String, Uuid)> = organisation_identifier::table
        .inner_join(organisation::table.on(organisation::id.eq(organisation_identifier::organisation_id)))
        .filter(organisation_identifier::scheme.eq_any(schemes).and(organisation_identifier::value.eq_any(values)))
        .filter(organisation::state.eq_any(["verified", "suspended"]))
        .select((
            organisation_identifier::scheme,
            organisation_identifier::value,
            organisation_identifier::organisation_id,
        ))
        .load(connection)
        .await?;
    let is_wanted =
        |scheme: &str, value: &str| identifiers.iter().any(|one| one.scheme.code() == scheme && one.value == value);
    let owners = found.into_iter().filter(|(scheme, value, _)| is_wanted(scheme, value)).map(|(_, _, owner)| owner);
    let mut owners: Vec<OrganisationId> = owners.map(OrganisationId).collect();
    owners.sort_unstable();
    owners.dedup();
    Ok(owners)
}

/// The client of an organisation with this secret, and the secret, if neither is revoked and the secret has not expired.
pub async fn client_of(
    connection: &mut Connection,
    of: OrganisationId,
    secret_hash: &[u8],
    at: Timestamp,
) -> Result<Option<(Uuid, Uuid)>, Failure> {
    let found = api_client_secret::table
        .inner_join(api_client::table.on(api_client::id.eq(api_client_secret::api_client_id)))
        .filter(api_client::organisation_id.eq(of.0).and(api_client::revoked_at.is_null()))
        .filter(api_client_secret::secret_hash.eq(secret_hash))
        .filter(api_client_secret::revoked_at.is_null().and(api_client_secret::expires_at.gt(at)))
        .select((api_client::id, api_client_secret::id))
        .first(connection)
        .await
        .optional()?;
    Ok(found)
}
