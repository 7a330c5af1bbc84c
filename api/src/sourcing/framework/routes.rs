//! Framework agreements over HTTP.

use actix_web::{get, post, web};
use domain::kernel::FrameworkId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CallOffData, CallOffDto, FrameworkDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// The framework agreements of your company, newest first: those you call off from, and those you deliver under.
#[utoipa::path(tag = "sourcing", params(PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of framework agreements", body = Items<FrameworkDto>)))]
#[get("/v1/framework-agreements")]
pub async fn list_framework_agreements(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &app, &by, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One framework agreement of yours: what was agreed on, how much of it was called off, and what is left.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "The framework agreement", body = FrameworkDto)))]
#[get("/v1/framework-agreements/{id}")]
pub async fn find_framework_agreement(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<FrameworkId>,
) -> Reply {
    let found = usecase::find(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    answer::read(&call, by.organisation_id(), &found, None)
}

/// Order from a framework agreement of yours: a contract at the agreed prices, to be signed by both. Never more is
/// called off than is left.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = CallOffData,
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 201, description = "There is a contract", body = CallOffDto, headers(("Location" = String)))))]
#[post("/v1/framework-agreements/{id}/call-offs")]
pub async fn create_call_off(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<FrameworkId>,
    body: Body<CallOffData>,
) -> Reply {
    let work = async |tx: &mut _, command: &_| usecase::call_off(tx, command, &app.secret, *id, &body.0).await;
    command(&app, &call, &by, work).await
}

/// What was called off from a framework agreement of yours, newest first.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of call-offs", body = Items<CallOffDto>)))]
#[get("/v1/framework-agreements/{id}/call-offs")]
pub async fn list_call_offs(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<FrameworkId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::call_offs(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_framework_agreements).service(find_framework_agreement);
    config.service(create_call_off).service(list_call_offs);
}
