//! Webhooks over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::WebhookId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{NewWebhook, SecretRotation, WebhookData, WebhookDto, WebhookSecret};
use super::{address, rights, switch, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Have your organisation's events sent somewhere, from now on, as Standard Webhooks says. The secret is shown this once.
///
/// Each event is a `POST` of `{"type", "timestamp", "data"}`, where `data` is the event as `GET /v1/events` shows it, with the headers
/// `webhook-id` (the event's id: the same whenever it is sent again), `webhook-timestamp` and `webhook-signature`. Only 2xx within 20 s is
/// success. What is not taken is sent again, ever later, for three days. Events come in the order of the feed, one at a time; one that is
/// to be sent again does not hold up those behind it. An event may come more than once.
#[utoipa::path(tag = "integration", request_body = WebhookData,
    security(("person" = []), ("client" = ["webhooks:write", "events:read"])),
    responses((status = 201, description = "It is made", body = NewWebhook, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/webhooks")]
pub async fn create_webhook(app: web::Data<App>, call: Call, by: Principal, body: Body<WebhookData>) -> Reply {
    rights::send_events(&by)?;
    // Looked up before the transaction; what is refused is told within it, since the answer that is kept with a key comes first.
    let named = address::check_name(&app.config, &body.0.url).await;
    let work = async |tx: &mut _, command: &_| usecase::create(tx, &app, command, &body.0, &named).await;
    command(&app, &call, &by, work).await
}

/// Your organisation's webhooks.
#[utoipa::path(tag = "integration", params(PageQuery), security(("person" = []), ("client" = ["webhooks:read"])),
    responses((status = 200, description = "A page of webhooks", body = Items<WebhookDto>)))]
#[get("/v1/webhooks")]
pub async fn list_webhooks(app: web::Data<App>, call: Call, by: Principal, query: web::Query<PageQuery>) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One of your webhooks.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["webhooks:read"])),
    responses((status = 200, description = "The webhook", body = WebhookDto, headers(("ETag" = String)))))]
#[get("/v1/webhooks/{id}")]
pub async fn find_webhook(app: web::Data<App>, call: Call, by: Principal, id: web::Path<WebhookId>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change the address, the description or the filters. What waits goes to the new address at once.
#[utoipa::path(tag = "integration", request_body = WebhookData, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["webhooks:write", "events:read"])),
    responses((status = 200, description = "As it is now", body = WebhookDto, headers(("ETag" = String)))))]
#[patch("/v1/webhooks/{id}")]
pub async fn edit_webhook(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<WebhookId>,
    body: Patch<WebhookData>,
) -> Reply {
    let expected = call.if_match()?;
    let moved_to = usecase::moved_to(&mut *app.pool.get().await?, &by, *id, &body).await?;
    let named = match moved_to {
        Some(url) => address::check_name(&app.config, &url).await,
        None => Ok(()),
    };
    let work = async |tx: &mut _, command: &_| usecase::edit(tx, &app, command, (*id, expected), &body, &named).await;
    command(&app, &call, &by, work).await
}

/// Delete a webhook, with what waits for it.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["webhooks:write"])), responses((status = 204, description = "It is deleted")))]
#[delete("/v1/webhooks/{id}")]
pub async fn delete_webhook(app: web::Data<App>, call: Call, by: Principal, id: web::Path<WebhookId>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::delete(tx, command, *id, expected).await).await
}

/// Send to a webhook again: what was left, and what happens from now on. What happened meanwhile is sent by `replay`.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["webhooks:write"])),
    responses((status = 200, description = "It is enabled", body = WebhookDto, headers(("ETag" = String)))))]
#[post("/v1/webhooks/{id}/enable")]
pub async fn enable_webhook(app: web::Data<App>, call: Call, by: Principal, id: web::Path<WebhookId>) -> Reply {
    command(&app, &call, &by, async |tx, command| switch::enable(tx, command, *id).await).await
}

/// Send nothing to a webhook for the time being. What waits is kept.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["webhooks:write"])),
    responses((status = 200, description = "It is disabled", body = WebhookDto, headers(("ETag" = String)))))]
#[post("/v1/webhooks/{id}/disable")]
pub async fn disable_webhook(app: web::Data<App>, call: Call, by: Principal, id: web::Path<WebhookId>) -> Reply {
    command(&app, &call, &by, async |tx, command| switch::disable(tx, command, *id).await).await
}

/// Replace the secret. The new one is shown this once; the old one signs beside it, so that nothing is lost while you change over.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)), request_body = SecretRotation,
    security(("person" = []), ("client" = ["webhooks:write", "events:read"])),
    responses((status = 200, description = "It is replaced", body = WebhookSecret, headers(("ETag" = String)))))]
#[post("/v1/webhooks/{id}/rotate-secret")]
pub async fn rotate_webhook_secret(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<WebhookId>,
    body: Body<SecretRotation>,
) -> Reply {
    rights::send_events(&by)?;
    command(&app, &call, &by, async |tx, command| usecase::rotate(tx, &app, command, *id, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(create_webhook).service(list_webhooks).service(find_webhook);
    config.service(edit_webhook).service(delete_webhook);
    config.service(enable_webhook).service(disable_webhook).service(rotate_webhook_secret);
}
