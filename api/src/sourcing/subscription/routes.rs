//! Subscriptions over HTTP.

use actix_web::{delete, get, put, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{SubscriptionData, SubscriptionDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Which requests of a portal your company wants to hear of.
#[utoipa::path(tag = "sourcing", params(("portal" = String, Path, description = "Id or slug")),
    security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "What it hears of", body = SubscriptionDto, headers(("ETag" = String)))))]
#[get("/v1/portals/{portal}/rfq-subscription")]
pub async fn find_rfq_subscription(app: web::Data<App>, call: Call, by: Principal, portal: web::Path<String>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, &portal).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Say which requests of a portal where you may quote you want to hear of as they are published, and only those that you may know of.
#[utoipa::path(tag = "sourcing", params(("portal" = String, Path, description = "Id or slug"), ("If-Match" = String, Header)),
    request_body = SubscriptionData, security(("person" = []), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "What it hears of", body = SubscriptionDto, headers(("ETag" = String)))))]
#[put("/v1/portals/{portal}/rfq-subscription")]
pub async fn keep_rfq_subscription(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Body<SubscriptionData>,
) -> Reply {
    let expected = call.if_match()?;
    let work = async |tx: &mut _, command: &_| usecase::keep(tx, command, &portal, expected, &body.0).await;
    command(&app, &call, &by, work).await
}

/// Hear of no requests any more but those to which you are invited.
#[utoipa::path(tag = "sourcing", params(("portal" = String, Path, description = "Id or slug"), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["sourcing:quote"])),
    responses((status = 204, description = "It hears of nothing any more")))]
#[delete("/v1/portals/{portal}/rfq-subscription")]
pub async fn remove_rfq_subscription(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::remove(tx, command, &portal, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(find_rfq_subscription).service(keep_rfq_subscription).service(remove_rfq_subscription);
}
