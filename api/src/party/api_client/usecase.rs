//! What is done with API clients. Only people do it, and what they may is asked before an idempotency key is: the answer kept with a
//! key holds a secret.

use domain::kernel::{ApiClientId, Faults, OrganisationId, Refusal, SecretId, Timestamp};
use domain::party::registration::text;
use domain::party::{Scope, client};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::party::api_client::{self, ApiClientRow, SecretRow};
use serde_json::json;

use super::dto::{ApiClientData, ApiClientDto, NewApiClient, NewSecret, SecretDto, SecretWish};
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::party::{organisation, rights};
use crate::secret;

/// Lets pass a person who may handle the credentials of this organisation.
pub fn allow(by: &Principal, of: OrganisationId) -> Result<OrganisationId, Refusal> {
    organisation::usecase::own(by, of)?;
    by.person()?;
    by.require(rights::PEOPLE)
}

pub async fn create(
    tx: &mut Connection,
    command: &Command,
    of: OrganisationId,
    data: &ApiClientData,
) -> Result<Answer<NewApiClient>, Failure> {
    let own = allow(&command.by, of)?;
    let scopes = check(data)?;
    let row = ApiClientRow {
        id: command.id::<ApiClientId>().0,
        organisation_id: own.0,
        name: data.name.trim().to_owned(),
        scopes,
        revoked_at: None,
        version: 1,
        created_by: command.by.person()?.0,
        created_at: command.at,
    };
    api_client::insert(tx, &row).await?;
    let secret = add_secret(tx, command, ApiClientId(row.id), 0, None).await?;
    tell(command, "api_client.created", &row);
    let location = format!("/v1/organisations/{own}/api-clients/{}", row.id);
    Ok(Answer::created(location, NewApiClient::of(row, secret)).version(1))
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    of: OrganisationId,
    page: &Page,
) -> Result<List<ApiClientDto>, Failure> {
    let own = allow(by, of)?;
    Ok(api_client::list(connection, own, page).await?.map(|row| ApiClientDto::from(&row)))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    (of, id): (OrganisationId, ApiClientId),
) -> Result<(ApiClientDto, i64), Failure> {
    let own = allow(by, of)?;
    let found = api_client::find(connection, own, id).await?.ok_or_else(unknown)?;
    Ok((ApiClientDto::from(&found), found.version))
}

/// Changes name and scopes. Tokens that are out lose a scope with their client.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, ApiClientId),
    expected: i64,
    patch: &Patch<ApiClientData>,
) -> Result<Answer<ApiClientDto>, Failure> {
    let own = allow(&command.by, of)?;
    let mut held = api_client::lock(tx, own, id).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    let after = patch.apply(&ApiClientData::from(&held))?;
    held.scopes = check(&after)?;
    held.name = after.name.trim().to_owned();
    held.version += 1;
    api_client::update(tx, &held).await?;
    tell(command, "api_client.changed", &held);
    Ok(Answer::ok(ApiClientDto::from(&held)).version(held.version))
}

/// Revokes a client with all its secrets and tokens.
pub async fn revoke(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, ApiClientId),
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let own = allow(&command.by, of)?;
    let mut held = api_client::lock(tx, own, id).await?.ok_or_else(unknown)?;
    check_version(held.version, expected)?;
    held.revoked_at = Some(command.at);
    held.version += 1;
    api_client::update(tx, &held).await?;
    tell(command, "api_client.revoked", &held);
    Ok(Answer::no_content())
}

pub async fn create_secret(
    tx: &mut Connection,
    command: &Command,
    (of, id): (OrganisationId, ApiClientId),
    wish: &SecretWish,
) -> Result<Answer<NewSecret>, Failure> {
    let own = allow(&command.by, of)?;
    let held = api_client::lock(tx, own, id).await?.ok_or_else(unknown)?;
    let valid = api_client::valid_secrets(tx, id, command.at).await?.len();
    let secret = add_secret(tx, command, id, valid, wish.expires_at.map(|time| time.0)).await?;
    tell(command, "api_client.secret_created", &held);
    Ok(Answer::created(format!("/v1/organisations/{own}/api-clients/{id}/secrets"), secret))
}

/// The valid secrets, without the secrets themselves.
pub async fn secrets(
    connection: &mut Connection,
    by: &Principal,
    (of, id): (OrganisationId, ApiClientId),
    at: Timestamp,
) -> Result<List<SecretDto>, Failure> {
    let own = allow(by, of)?;
    api_client::find(connection, own, id).await?.ok_or_else(unknown)?;
    let valid = api_client::valid_secrets(connection, id, at).await?;
    Ok(List { items: valid.into_iter().map(SecretDto::from).collect(), next: None })
}

/// Revokes a secret, and with it the tokens that were got with it. What never changes has no ETag to ask for.
pub async fn revoke_secret(
    tx: &mut Connection,
    command: &Command,
    (of, id, secret): (OrganisationId, ApiClientId, SecretId),
) -> Result<Answer<()>, Failure> {
    let own = allow(&command.by, of)?;
    let held = api_client::lock(tx, own, id).await?.ok_or_else(unknown)?;
    if !api_client::revoke_secret(tx, id, secret, command.at).await? {
        return Err(Refusal::not_found("secret").into());
    }
    tell(command, "api_client.secret_revoked", &held);
    Ok(Answer::no_content())
}

async fn add_secret(
    tx: &mut Connection,
    command: &Command,
    of: ApiClientId,
    valid: usize,
    wanted: Option<Timestamp>,
) -> Result<NewSecret, Failure> {
    let expires_at = client::secret_end(valid, wanted, command.at)?;
    let secret = secret::new_token()?;
    let row = SecretRow {
        id: command.id::<SecretId>().0,
        api_client_id: of.0,
        secret_hash: secret::token_hash(&secret),
        hint: secret.chars().skip(secret.len().saturating_sub(4)).collect(),
        created_at: command.at,
        expires_at,
        revoked_at: None,
    };
    api_client::insert_secret(tx, &row).await?;
    Ok(NewSecret::of(row, secret))
}

/// The scopes in their order, each once; or all faults.
fn check(data: &ApiClientData) -> Result<Vec<String>, Refusal> {
    let mut faults = Faults::default();
    faults.keep("/name", text(&data.name, 200));
    let parsed = data.scopes.iter().enumerate();
    let given: Vec<Scope> =
        parsed.filter_map(|(index, code)| faults.keep(format!("/scopes/{index}"), Scope::parse(code))).collect();
    faults.result()?;
    Ok(Scope::ALL.iter().filter(|scope| given.contains(scope)).map(|scope| scope.code().to_owned()).collect())
}

fn unknown() -> Refusal {
    Refusal::not_found("API client")
}

fn tell(command: &Command, kind: &'static str, row: &ApiClientRow) {
    let subject = Subject { kind: "api_client", id: row.id, version: row.version };
    command.event(kind, subject, None, &[row.organisation_id], json!({"name": row.name, "scopes": row.scopes}));
}
