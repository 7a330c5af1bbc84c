//! Who stands behind a token. What the database says is remembered for a few seconds, and forgotten at once when this node, or
//! another one through Redis, hears that it has changed.

use std::sync::Arc;
use std::time::Duration;

use domain::kernel::{Kind, OrganisationId, Timestamp};
use domain::party::{OrganisationState, Role, Scope};
use infra::Failure;
use infra::db::Connection;
use infra::party::access::{self, ClientAccess, PersonAccess};
use moka::sync::Cache;
use uuid::Uuid;

use super::keys;
use super::token::{self, Claims};
use crate::app::App;
use crate::http::principal::{Actor, Membership, Principal};
use crate::http::problem::Problem;
use crate::secret::token_hash;

/// For how long a revocation can go unnoticed where no news of it arrives.
const MEMORY: Duration = Duration::from_secs(15);

/// Principals by the hash of their tokens.
#[derive(Clone)]
pub struct Principals(Cache<Vec<u8>, Arc<Principal>>);

impl Default for Principals {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(50_000).time_to_live(MEMORY).build())
    }
}

impl Principals {
    /// Rights have changed somewhere: everybody is looked up anew. Rare enough to be this simple.
    pub fn forget(&self) {
        self.0.invalidate_all();
    }
}

/// The principal of a token, or the problem of a bad one.
pub async fn of_token(app: &App, text: &str) -> Result<Arc<Principal>, Problem> {
    let hash = token_hash(text);
    let now = app.clock.now();
    if let Some(known) = app.principals.0.get(&hash)
        && known.expires_at > now
    {
        return Ok(known);
    }
    if let Some(kid) = token::claimed_key(text) {
        keys::look_for(app, &kid).await?;
    }
    let claims = token::verify(&app.keys, &app.config.issuer, text, now)?;
    let principal = look_up(app, &claims).await?;
    let revoked = || Problem::new(Kind::InvalidToken, "The access token was revoked.");
    let principal = Arc::new(principal.ok_or_else(revoked)?);
    app.principals.0.insert(hash, principal.clone());
    Ok(principal)
}

async fn look_up(app: &App, claims: &Claims) -> Result<Option<Principal>, Failure> {
    let mut connection = app.pool.get().await?;
    match claims.sid {
        Some(session) => {
            let found = access::of_session(&mut connection, session, claims.sub, app.clock.now()).await?;
            found.map(|row| person(claims.sub, session, claims.expires_at(), row)).transpose()
        }
        None => {
            let found = access::of_client(&mut connection, claims.sub, claims.secret.unwrap_or_default()).await?;
            found.map(|row| client_of_token(claims, row)).transpose()
        }
    }
}

/// A member of an organisation, in whose name the service does something now; none who is one no more.
pub async fn of_member(
    connection: &mut Connection,
    organisation: Uuid,
    member: Uuid,
    at: Timestamp,
) -> Result<Option<Principal>, Failure> {
    let found = access::of_member(connection, organisation, member).await?;
    found.map(|row| person(member, Uuid::nil(), at, row)).transpose()
}

/// Whoever had the service begin something, a person or a client, with the rights of now; none who acts for the organisation no more.
pub async fn of_actor(
    connection: &mut Connection,
    organisation: Uuid,
    actor: Uuid,
    at: Timestamp,
) -> Result<Option<Principal>, Failure> {
    if let Some(person) = of_member(connection, organisation, actor, at).await? {
        return Ok(Some(person));
    }
    let Some(row) = access::of_own_client(connection, organisation, actor).await? else { return Ok(None) };
    let scopes = row.scopes.iter().map(|code| Scope::parse(code)).collect::<Result<_, _>>()?;
    client(actor, scopes, at, row).map(Some)
}

/// A client that has shown one of its secrets, with all its scopes; none where either was revoked.
pub async fn of_client(
    connection: &mut Connection,
    id: Uuid,
    secret: Uuid,
    at: Timestamp,
) -> Result<Option<Principal>, Failure> {
    let Some(row) = access::of_client(connection, id, secret).await? else { return Ok(None) };
    let scopes = row.scopes.iter().map(|code| Scope::parse(code)).collect::<Result<_, _>>()?;
    client(id, scopes, at, row).map(Some)
}

fn person(id: Uuid, session: Uuid, expires_at: Timestamp, row: PersonAccess) -> Result<Principal, Failure> {
    let organisation = match row.organisation {
        Some(found) => Some(Membership {
            id: OrganisationId(found.id),
            state: OrganisationState::parse(&found.state)?,
            roles: found.roles.iter().map(|code| Role::parse(code)).collect::<Result<_, _>>()?,
            scopes: None,
        }),
        None => None,
    };
    Ok(Principal {
        actor: Actor::Person { person: id, session },
        name: row.name,
        organisation,
        operator: row.is_operator,
        expires_at,
    })
}

fn client_of_token(claims: &Claims, row: ClientAccess) -> Result<Principal, Failure> {
    // A token has the scopes it was given, as far as the client still has them.
    let granted = claims.scope.as_deref().unwrap_or_default().split(' ');
    let scopes = granted.filter(|code| row.scopes.iter().any(|known| known == code));
    let scopes = scopes.map(Scope::parse).collect::<Result<_, _>>()?;
    client(claims.sub, scopes, claims.expires_at(), row)
}

fn client(id: Uuid, scopes: Vec<Scope>, expires_at: Timestamp, row: ClientAccess) -> Result<Principal, Failure> {
    Ok(Principal {
        actor: Actor::Client(id),
        name: row.name,
        organisation: Some(Membership {
            id: OrganisationId(row.organisation_id),
            state: OrganisationState::parse(&row.state)?,
            roles: Vec::new(),
            scopes: Some(scopes),
        }),
        operator: false,
        expires_at,
    })
}
