//! Confirmations with changes over HTTP.

use actix_web::{get, post, web};
use domain::kernel::OrderId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::confirmation;
use super::confirmation_dto::ProposedConfirmationDto;
use super::dto::{OrderDto, Reason};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// What the seller proposed to change of an order, newest first.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "A page", body = Items<ProposedConfirmationDto>)))]
#[get("/v1/orders/{id}/confirmations")]
pub async fn list_confirmations(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrderId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let at = app.clock.now();
    let list = confirmation::list(&mut *app.pool.get().await?, &by, *id, &page, at).await?;
    answer::list(&app, &call, by.organisation_id(), list)
}

/// Accept the changes that the seller proposed. A contract is made of the order as it was changed. If it costs more than what was
/// approved, and your approval policy asks for consent to that, it waits in `confirmation_in_approval` until the last consent.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is confirmed with the changes, or waits for its approval", body = OrderDto)))]
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
