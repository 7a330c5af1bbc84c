//! Orders over HTTP.

use actix_web::{get, patch, post, web};
use domain::kernel::OrderId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ConfirmationData, OrderData, OrderDto, OrderQuery, Orders, Reason};
use super::{decide, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Draft an order, or place it at once with `submit`. Placing reserves the stock and makes one order per seller, all or nothing.
#[utoipa::path(tag = "ordering", request_body = OrderData, security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 201, description = "The draft, or the placed orders", body = Orders, headers(("Location" = String)))))]
#[post("/v1/orders")]
pub async fn create_order(app: web::Data<App>, call: Call, by: Principal, body: Body<OrderData>) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| usecase::create(tx, &app, command, &body.0, &languages).await).await
}

/// Your orders, newest first: those to others, or with `role=seller` those to you.
#[utoipa::path(tag = "ordering", params(OrderQuery), security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "A page of orders", body = Items<OrderDto>)))]
#[get("/v1/orders")]
pub async fn list_orders(app: web::Data<App>, call: Call, by: Principal, query: web::Query<OrderQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found =
        usecase::list(&mut *app.pool.get().await?, &by, &query, &page, app.clock.now(), &call.languages()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One order of yours, on either side.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "The order", body = OrderDto, headers(("ETag" = String)))))]
#[get("/v1/orders/{id}")]
pub async fn find_order(app: web::Data<App>, call: Call, by: Principal, id: web::Path<OrderId>) -> Reply {
    let (found, version) =
        usecase::find(&mut *app.pool.get().await?, &by, *id, app.clock.now(), &call.languages()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a draft; its prices become those of today. With `submit` it is placed as well. A change of an order that waits for its
/// approval submits it anew.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = OrderData,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "The draft, or the placed orders", body = Orders, headers(("ETag" = String)))))]
#[patch("/v1/orders/{id}")]
pub async fn edit_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrderId>,
    body: Patch<OrderData>,
) -> Reply {
    let (expected, languages) = (call.if_match()?, call.languages());
    let work = async |tx: &mut _, command: &_| usecase::edit(tx, &app, command, *id, expected, &body, &languages).await;
    command(&app, &call, &by, work).await
}

/// Place a draft at the prices it shows: the stock is reserved, and it becomes one order per seller, all or nothing. Where your
/// company's approval policy asks for consent, it waits for that first, and nothing is reserved. With `If-Match` only the version that you
/// have read is submitted.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header)),
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "The placed orders", body = Orders)))]
#[post("/v1/orders/{id}/submit")]
pub async fn submit_order(app: web::Data<App>, call: Call, by: Principal, id: web::Path<OrderId>) -> Reply {
    let (expected, languages) = (call.if_match_given()?, call.languages());
    let work = async |tx: &mut _, command: &_| usecase::submit(tx, &app, command, *id, expected, &languages).await;
    command(&app, &call, &by, work).await
}

/// Confirm an order to you, in full, in part or with changes. A contract is made of what you confirm; changes for the worse wait for the
/// buyer's acceptance, and the rest is given back or stays open as a backorder.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), request_body = ConfirmationData,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is confirmed", body = OrderDto)))]
#[post("/v1/orders/{id}/confirm")]
pub async fn confirm_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrderId>,
    body: Body<ConfirmationData>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| {
        decide::confirm_order(tx, &app, command, *id, &body.0, &languages).await
    })
    .await
}

/// Decline an order to you. Its stock is free again.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), request_body = Reason,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is declined", body = OrderDto)))]
#[post("/v1/orders/{id}/decline")]
pub async fn decline_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrderId>,
    body: Body<Reason>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| decide::decline(tx, command, *id, &body.0, &languages).await).await
}

/// Take back a draft, or an order that the seller has not decided on. Once it is confirmed, either side asks for that, and the other
/// consents by doing the same.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), request_body = Reason,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is cancelled, or the other side is asked", body = OrderDto)))]
#[post("/v1/orders/{id}/cancel")]
pub async fn cancel_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrderId>,
    body: Body<Reason>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| usecase::cancel(tx, command, *id, &body.0, &languages).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(create_order).service(list_orders).service(find_order).service(edit_order);
    config.service(submit_order).service(confirm_order).service(decline_order).service(cancel_order);
}
