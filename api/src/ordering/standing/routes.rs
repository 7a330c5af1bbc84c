//! Standing orders over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::StandingOrderId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{StandingOrderData, StandingOrderDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Your standing orders; for owners and admins those of all colleagues.
#[utoipa::path(tag = "ordering", params(PageQuery), security(("person" = [])),
    responses((status = 200, description = "A page of standing orders", body = Items<StandingOrderDto>)))]
#[get("/v1/standing-orders")]
pub async fn list_standing_orders(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Order by schedule from now on.
#[utoipa::path(tag = "ordering", request_body = StandingOrderData, security(("person" = [])),
    responses((status = 201, description = "It is set up", body = StandingOrderDto,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/standing-orders")]
pub async fn create_standing_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    body: Body<StandingOrderData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &body.0).await).await
}

/// One standing order, and what became of its last days.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), security(("person" = [])),
    responses((status = 200, description = "The standing order", body = StandingOrderDto, headers(("ETag" = String)))))]
#[get("/v1/standing-orders/{id}")]
pub async fn find_standing_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<StandingOrderId>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change or pause a standing order of yours. Owners and admins pause those of others, and change nothing else of them.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = StandingOrderData, security(("person" = [])),
    responses((status = 200, description = "It is changed", body = StandingOrderDto, headers(("ETag" = String)))))]
#[patch("/v1/standing-orders/{id}")]
pub async fn edit_standing_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<StandingOrderId>,
    body: Patch<StandingOrderData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *id, expected, &body).await).await
}

/// Give a standing order up. What it has ordered stays.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("If-Match" = String, Header)), security(("person" = [])),
    responses((status = 204, description = "It is gone")))]
#[delete("/v1/standing-orders/{id}")]
pub async fn delete_standing_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<StandingOrderId>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::delete(tx, command, *id, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_standing_orders).service(create_standing_order).service(find_standing_order);
    config.service(edit_standing_order).service(delete_standing_order);
}
