//! What stands behind an access token, read on each of its first uses.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{api_client, api_client_secret, member, organisation, person, session};

/// A person in a session.
#[derive(Debug)]
pub struct PersonAccess {
    pub name: String,
    pub is_operator: bool,
    pub organisation: Option<OrganisationAccess>,
}

/// The organisation of a session and the person's roles there.
#[derive(Debug)]
pub struct OrganisationAccess {
    pub id: Uuid,
    pub state: String,
    pub roles: Vec<String>,
}

/// A machine.
#[derive(Debug)]
pub struct ClientAccess {
    pub name: String,
    pub organisation_id: Uuid,
    pub state: String,
    pub scopes: Vec<String>,
}

/// The person of a session, if the session runs, the person is not disabled, and is still a member.
pub async fn of_session(
    connection: &mut Connection,
    session_id: Uuid,
    person_id: Uuid,
    at: Timestamp,
) -> Result<Option<PersonAccess>, Failure> {
    type Found = (String, bool, Option<Uuid>, Option<String>, Option<Vec<String>>);
    let found: Option<Found> = session::table
        .inner_join(person::table.on(person::id.eq(session::person_id)))
        .left_join(
            member::table.on(member::person_id
                .eq(session::person_id)
                .and(member::organisation_id.nullable().eq(session::organisation_id))),
        )
        .left_join(organisation::table.on(organisation::id.nullable().eq(session::organisation_id)))
        .filter(session::id.eq(session_id).and(session::person_id.eq(person_id)))
        .filter(session::ended_at.is_null().and(session::expires_at.gt(at)))
        .filter(person::disabled_at.is_null())
        .select((
            person::name,
            person::is_operator,
            session::organisation_id,
            organisation::state.nullable(),
            member::roles.nullable(),
        ))
        .first(connection)
        .await
        .optional()?;
    Ok(found.and_then(|(name, is_operator, id, state, roles)| match (id, state, roles) {
        (None, _, _) => Some(PersonAccess { name, is_operator, organisation: None }),
        (Some(id), Some(state), Some(roles)) => {
            Some(PersonAccess { name, is_operator, organisation: Some(OrganisationAccess { id, state, roles }) })
        }
        // The session is for an organisation that the person has left.
        (Some(_), _, _) => None,
    }))
}

/// A member of an organisation who is not disabled: for what is done in their name while they are away.
pub async fn of_member(
    connection: &mut Connection,
    organisation_id: Uuid,
    person_id: Uuid,
) -> Result<Option<PersonAccess>, Failure> {
    let found: Option<(String, String, Vec<String>)> = member::table
        .inner_join(person::table.on(person::id.eq(member::person_id)))
        .inner_join(organisation::table.on(organisation::id.eq(member::organisation_id)))
        .filter(member::person_id.eq(person_id).and(member::organisation_id.eq(organisation_id)))
        .filter(person::disabled_at.is_null())
        .select((person::name, organisation::state, member::roles))
        .first(connection)
        .await
        .optional()?;
    Ok(found.map(|(name, state, roles)| {
        let organisation = Some(OrganisationAccess { id: organisation_id, state, roles });
        PersonAccess { name, is_operator: false, organisation }
    }))
}

/// An API client, if neither it nor the secret that its token was got with is revoked.
pub async fn of_client(
    connection: &mut Connection,
    client: Uuid,
    secret: Uuid,
) -> Result<Option<ClientAccess>, Failure> {
    let found = api_client::table
        .inner_join(organisation::table.on(organisation::id.eq(api_client::organisation_id)))
        .inner_join(api_client_secret::table.on(api_client_secret::api_client_id.eq(api_client::id)))
        .filter(api_client::id.eq(client).and(api_client::revoked_at.is_null()))
        .filter(api_client_secret::id.eq(secret).and(api_client_secret::revoked_at.is_null()))
        .select((api_client::name, api_client::organisation_id, organisation::state, api_client::scopes))
        .first::<(String, Uuid, String, Vec<String>)>(connection)
        .await
        .optional()?;
    Ok(found.map(|(name, organisation_id, state, scopes)| ClientAccess { name, organisation_id, state, scopes }))
}

/// A client of an organisation that is not revoked: for what is done in its name later.
pub async fn of_own_client(
    connection: &mut Connection,
    organisation_id: Uuid,
    client: Uuid,
) -> Result<Option<ClientAccess>, Failure> {
    let found: Option<(String, String, Vec<String>)> = api_client::table
        .inner_join(organisation::table.on(organisation::id.eq(api_client::organisation_id)))
        .filter(api_client::id.eq(client).and(api_client::organisation_id.eq(organisation_id)))
        .filter(api_client::revoked_at.is_null())
        .select((api_client::name, organisation::state, api_client::scopes))
        .first(connection)
        .await
        .optional()?;
    Ok(found.map(|(name, state, scopes)| ClientAccess { name, organisation_id, state, scopes }))
}
