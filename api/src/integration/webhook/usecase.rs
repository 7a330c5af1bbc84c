//! What is done with webhooks. What the caller may is asked before an idempotency key is: the answer kept with a key holds a secret.

use domain::integration::webhook::filter::TypeFilter;
use domain::integration::webhook::network::Network;
use domain::integration::webhook::{MOST_WEBHOOKS, endpoint::State, signing};
use domain::kernel::{Faults, Kind, OrganisationId, Refusal, WebhookId};
use domain::party::registration::text;
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::event;
use infra::integration::webhook::endpoint::{self, EndpointRow};
use infra::portal::access;
use serde_json::json;
use uuid::Uuid;

use super::dto::{NewWebhook, SecretRotation, WebhookData, WebhookDto, WebhookSecret};
use super::{address, rights, signature};
use crate::app::App;
use crate::command::{Command, Subject};
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;

/// Makes a webhook. It gets what happens from now on. `named` is what was found of the name in its address.
pub async fn create(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    data: &WebhookData,
    named: &Result<(), Refusal>,
) -> Result<Answer<NewWebhook>, Failure> {
    let own = rights::send_events(&command.by)?;
    named.clone()?;
    let checked = check(tx, own, data, None, &address::allowed(&app.config)).await?;
    if endpoint::count_alone(tx, own).await? >= MOST_WEBHOOKS {
        let detail = format!("An organisation has at most {MOST_WEBHOOKS} webhooks.");
        return Err(Refusal::new(Kind::WebhookLimit, detail).into());
    }
    let secret = signature::new_secret()?;
    let since = event::end(tx).await?;
    let row = EndpointRow {
        id: command.id::<WebhookId>().0,
        organisation_id: own.0,
        url: checked.url,
        description: checked.description,
        event_types: checked.event_types,
        portal_id: checked.portal_id,
        state: State::Enabled.code().0.to_owned(),
        reason: None,
        secret_sealed: app.secret.seal(&secret)?,
        old_secret_sealed: None,
        old_secret_until: None,
        since_tx: since.tx,
        since_seq: since.seq,
        version: 1,
        created_at: command.at,
        disabled_at: None,
        deleted_at: None,
    };
    endpoint::insert(tx, &row).await?;
    tell(command, "webhook.created", &row);
    let made = NewWebhook { webhook: WebhookDto::of(&row, None), secret: signature::text(&secret) };
    Ok(Answer::created(format!("/v1/webhooks/{}", row.id), made).version(1))
}

pub async fn list(connection: &mut Connection, by: &Principal, page: &Page) -> Result<List<WebhookDto>, Failure> {
    let own = by.require(rights::READ)?;
    let found = endpoint::list(connection, own, page).await?;
    let ids: Vec<_> = found.items.iter().map(|row| row.id).collect();
    let health = endpoint::health(connection, &ids).await?;
    let of = |row: &EndpointRow| health.iter().find(|(id, _)| *id == row.id).map(|(_, health)| health);
    Ok(found.map(|row| WebhookDto::of(&row, of(&row))))
}

pub async fn find(connection: &mut Connection, by: &Principal, id: WebhookId) -> Result<(WebhookDto, i64), Failure> {
    let row = own(connection, by, id).await?;
    let health = endpoint::health(connection, &[row.id]).await?;
    Ok((WebhookDto::of(&row, health.first().map(|(_, health)| health)), row.version))
}

/// The caller's webhook, for who may look.
pub async fn own(connection: &mut Connection, by: &Principal, id: WebhookId) -> Result<EndpointRow, Failure> {
    let own = by.require(rights::READ)?;
    Ok(endpoint::find(connection, own, id).await?.ok_or_else(unknown)?)
}

/// The caller's webhook, held, for who may change it.
pub async fn held(tx: &mut Connection, command: &Command, id: WebhookId) -> Result<EndpointRow, Failure> {
    let own = command.by.require(rights::WRITE)?;
    Ok(endpoint::lock(tx, own, id).await?.ok_or_else(unknown)?)
}

/// The address to which a change would move a webhook, for the look at its name that comes before the transaction; none where there is none,
/// or the change is refused anyway.
pub async fn moved_to(
    connection: &mut Connection,
    by: &Principal,
    id: WebhookId,
    patch: &Patch<WebhookData>,
) -> Result<Option<String>, Failure> {
    let own = rights::send_events(by)?;
    let Some(row) = endpoint::find(connection, own, id).await? else { return Ok(None) };
    let after = patch.apply(&WebhookData::from(&row)).ok();
    Ok(after.map(|data| data.url).filter(|url| *url != row.url))
}

/// Changes address and filters. What waits goes to the new address, and at once. `named` is what was found of the name in it.
pub async fn edit(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    (id, expected): (WebhookId, i64),
    patch: &Patch<WebhookData>,
    named: &Result<(), Refusal>,
) -> Result<Answer<WebhookDto>, Failure> {
    rights::send_events(&command.by)?;
    let mut row = held(tx, command, id).await?;
    check_version(row.version, expected)?;
    let after = patch.apply(&WebhookData::from(&row))?;
    named.clone()?;
    let (own, allowed) = (OrganisationId(row.organisation_id), address::allowed(&app.config));
    let checked = check(tx, own, &after, row.portal_id, &allowed).await?;
    let moved = checked.url != row.url;
    row.url = checked.url;
    row.description = checked.description;
    row.event_types = checked.event_types;
    row.portal_id = checked.portal_id;
    row.version += 1;
    endpoint::update(tx, &row).await?;
    if moved && row.state == State::Enabled.code().0 {
        endpoint::resume(tx, id, command.at).await?;
    }
    tell(command, "webhook.changed", &row);
    Ok(Answer::ok(WebhookDto::of(&row, None)).version(row.version))
}

/// Deletes a webhook: nothing is sent to it any more, and its secrets are forgotten.
pub async fn delete(
    tx: &mut Connection,
    command: &Command,
    id: WebhookId,
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let mut row = held(tx, command, id).await?;
    check_version(row.version, expected)?;
    if row.state == State::Enabled.code().0 {
        row.state = State::DisabledByOwner.code().0.to_owned();
        row.disabled_at = Some(command.at);
    }
    row.deleted_at = Some(command.at);
    row.secret_sealed = Vec::new();
    (row.old_secret_sealed, row.old_secret_until) = (None, None);
    row.version += 1;
    endpoint::update(tx, &row).await?;
    endpoint::pause(tx, id).await?;
    tell(command, "webhook.deleted", &row);
    Ok(Answer::no_content())
}

/// Gives a webhook a new secret; the old one signs beside it for a while.
pub async fn rotate(
    tx: &mut Connection,
    app: &App,
    command: &Command,
    id: WebhookId,
    wish: &SecretRotation,
) -> Result<Answer<WebhookSecret>, Failure> {
    rights::send_events(&command.by)?;
    let mut row = held(tx, command, id).await?;
    let until = signing::overlap_end(wish.overlap_hours, command.at)?;
    let secret = signature::new_secret()?;
    row.old_secret_sealed = Some(std::mem::replace(&mut row.secret_sealed, app.secret.seal(&secret)?));
    row.old_secret_until = Some(until);
    row.version += 1;
    endpoint::update(tx, &row).await?;
    tell(command, "webhook.secret_rotated", &row);
    let made = WebhookSecret { secret: signature::text(&secret), old_secret_until: until.into() };
    Ok(Answer::ok(made).version(row.version))
}

/// What is wanted in the form in which it is kept, or all faults. A portal that it had before may be one that cannot be seen any more.
async fn check(
    tx: &mut Connection,
    own: OrganisationId,
    data: &WebhookData,
    before: Option<Uuid>,
    allowed: &[Network],
) -> Result<WebhookData, Failure> {
    let mut faults = Faults::default();
    let url = faults.keep("/url", address::parse(&data.url, allowed)).map(|(url, _)| url.to_string());
    if let Some(description) = &data.description {
        faults.keep("/description", text(description, 500));
    }
    let types = TypeFilter::parse(&data.event_types, "/event_types", &mut faults);
    if let Some(portal) = data.portal_id.filter(|portal| Some(*portal) != before)
        && access::seen(tx, &portal.to_string(), Some(own)).await?.is_none()
    {
        faults.add("/portal_id", "unknown", "There is no such portal.");
    }
    faults.result()?;
    Ok(WebhookData {
        url: url.unwrap_or_default(),
        description: data.description.as_ref().map(|text| text.trim().to_owned()),
        event_types: types.types().to_vec(),
        portal_id: data.portal_id,
    })
}

fn unknown() -> Refusal {
    Refusal::not_found("webhook")
}

/// The host of a webhook's address: of that the rest may hold a secret.
pub fn host(row: &EndpointRow) -> String {
    let url = reqwest::Url::parse(&row.url).ok();
    url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// The record of it, for the organisation alone.
pub fn tell(command: &Command, kind: &'static str, row: &EndpointRow) {
    let subject = Subject { kind: "webhook", id: row.id, version: row.version };
    let told = json!({"host": host(row), "description": row.description, "state": row.state, "reason": row.reason});
    command.event(kind, subject, None, &[row.organisation_id], told);
}
