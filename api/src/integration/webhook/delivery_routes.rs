//! What was sent to webhooks, over HTTP.

use actix_web::{get, post, web};
use domain::kernel::{WebhookDeliveryId, WebhookId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::delivery_dto::{DeliveriesQuery, DeliveryDto, DetailDto, ReplayWish, ReplayedDto};
use super::{delivery, replay, trial};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Send a test event `webhook.test` to a webhook, whatever its filters are.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["webhooks:write"])),
    responses((status = 202, description = "It is on its way", body = DeliveryDto, headers(("Location" = String)))))]
#[post("/v1/webhooks/{id}/test")]
pub async fn test_webhook(app: web::Data<App>, call: Call, by: Principal, id: web::Path<WebhookId>) -> Reply {
    command(&app, &call, &by, async |tx, command| trial::send(tx, command, *id).await).await
}

/// What is or was sent to a webhook, of the newest events first. It is kept for 30 days.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path), DeliveriesQuery),
    security(("person" = []), ("client" = ["webhooks:read"])),
    responses((status = 200, description = "A page of deliveries", body = Items<DeliveryDto>)))]
#[get("/v1/webhooks/{id}/deliveries")]
pub async fn list_webhook_deliveries(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<WebhookId>,
    query: web::Query<DeliveriesQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = delivery::list(&mut *app.pool.get().await?, &by, *id, &query, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// What was sent, when, and what was answered.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["webhooks:read", "events:read"])),
    responses((status = 200, description = "The delivery with its attempts", body = DetailDto)))]
#[get("/v1/webhook-deliveries/{id}")]
pub async fn find_webhook_delivery(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<WebhookDeliveryId>,
) -> Reply {
    let found = delivery::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, None)
}

/// Send an event again, under the same `webhook-id`, whatever came of it before.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["webhooks:write", "events:read"])),
    responses((status = 202, description = "It is on its way", body = DeliveryDto, headers(("Location" = String)))))]
#[post("/v1/webhook-deliveries/{id}/resend")]
pub async fn resend_webhook_delivery(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<WebhookDeliveryId>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| delivery::resend(tx, command, *id).await).await
}

/// Send everything since a time again that the webhook wants, what it never got included.
///
/// A call looks at 10,000 events of your feed at most, the oldest first. If there are more, the answer has `next_after`: call again with the
/// same `since` and with it as `after`, until there is none.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)), request_body = ReplayWish,
    security(("person" = []), ("client" = ["webhooks:write", "events:read"])),
    responses((status = 202, description = "They are on their way", body = ReplayedDto, headers(("Location" = String)))))]
#[post("/v1/webhooks/{id}/replay")]
pub async fn replay_webhook(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<WebhookId>,
    body: Body<ReplayWish>,
) -> Reply {
    let planned = replay::plan(&mut *app.pool.get().await?, &app, &by, &body.0).await?;
    let work = async |tx: &mut _, command: &_| replay::since(tx, &app, command, *id, &body.0, &planned).await;
    command(&app, &call, &by, work).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(test_webhook).service(list_webhook_deliveries).service(replay_webhook);
    config.service(find_webhook_delivery).service(resend_webhook_delivery);
}
