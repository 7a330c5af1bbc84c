//! Confirmations with changes over HTTP.

use actix_web::{get, post, web};
use domain::kernel::OrderId;
use infra::db::page::List;
use utoipa_actix_web::service_config::ServiceConfig;

use super::confirmation;
use super::confirmation_dto::ProposedConfirmationDto;
use super::dto::{OrderDto, Reason};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// What the seller proposed to change of an order, newest first.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "All of them", body = Items<ProposedConfirmationDto>)))]
#[get("/v1/orders/{id}/confirmations")]
pub async fn list_confirmations(app: web::Data<App>, call: Call, by: Principal, id: web::Path<OrderId>) -> Reply {
    let items = confirmation::list(&mut *app.pool.get().await?, &by, *id).await?;
    answer::list(&app, &call, by.organisation_id(), List { items, next: None })
}

/// Accept the changes that the seller proposed. A contract is made of the order as it was changed.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is confirmed with the changes", body = OrderDto)))]
#[post("/v1/orders/{id}/accept")]
pub async fn accept_confirmation(app: web::Data<App>, call: Call, by: Principal, id: web::Path<OrderId>) -> Reply {
    let (expected, languages) = (call.if_match()?, call.languages());
    let work = async |tx: &mut _, command: &_| confirmation::accept(tx, &app, command, *id, expected, &languages).await;
    command(&app, &call, &by, work).await
}

/// Refuse the changes that the seller proposed. The order is with the seller again, as it was placed.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), request_body = Reason,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is placed as before", body = OrderDto)))]
#[post("/v1/orders/{id}/refuse")]
pub async fn refuse_confirmation(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrderId>,
    body: Body<Reason>,
) -> Reply {
    let languages = call.languages();
    let work = async |tx: &mut _, command: &_| confirmation::refuse(tx, &app, command, *id, &body.0, &languages).await;
    command(&app, &call, &by, work).await
}

/// Take back the changes that you proposed for an order to you.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), request_body = Reason,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is placed as before", body = OrderDto)))]
#[post("/v1/orders/{id}/withdraw")]
pub async fn withdraw_confirmation(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrderId>,
    body: Body<Reason>,
) -> Reply {
    let languages = call.languages();
    let work =
        async |tx: &mut _, command: &_| confirmation::withdraw(tx, &app, command, *id, &body.0, &languages).await;
    command(&app, &call, &by, work).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_confirmations).service(accept_confirmation);
    config.service(refuse_confirmation).service(withdraw_confirmation);
}
