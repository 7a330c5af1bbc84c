//! Trading schedules over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::TradingScheduleId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ScheduleDto, TradingScheduleData};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// When instruments of a portal are traded; on open portals for anybody.
#[utoipa::path(tag = "exchange", params(("portal" = String, Path, description = "Id or slug"), PageQuery),
    responses((status = 200, description = "A page of schedules", body = Items<ScheduleDto>)))]
#[get("/v1/portals/{portal}/trading-schedules")]
pub async fn list_trading_schedules(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    portal: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let connection = &mut *app.pool.get().await?;
    let found = usecase::list(connection, by.principal(), &portal, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Add a schedule to a portal that you manage.
#[utoipa::path(tag = "exchange", request_body = TradingScheduleData, params(("portal" = String, Path, description = "Id or slug")),
    security(("person" = []), ("client" = ["exchange:write"])),
    responses((status = 201, description = "Added", body = ScheduleDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/portals/{portal}/trading-schedules")]
pub async fn create_trading_schedule(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Body<TradingScheduleData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &portal, &body.0).await).await
}

/// One schedule, with the phase that it asks for now and the next change.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The schedule", body = ScheduleDto, headers(("ETag" = String)))))]
#[get("/v1/trading-schedules/{id}")]
pub async fn find_trading_schedule(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    id: web::Path<TradingScheduleId>,
) -> Reply {
    let connection = &mut *app.pool.get().await?;
    let (found, version) = usecase::find(connection, by.principal(), *id, app.clock.now()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a schedule of a portal that you manage. The instruments that go by it follow.
#[utoipa::path(tag = "exchange", request_body = TradingScheduleData, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["exchange:write"])),
    responses((status = 200, description = "As it is now", body = ScheduleDto, headers(("ETag" = String)))))]
#[patch("/v1/trading-schedules/{id}")]
pub async fn edit_trading_schedule(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<TradingScheduleId>,
    body: Patch<TradingScheduleData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *id, expected, &body).await).await
}

/// Take away a schedule of a portal that you manage; none of its instruments may go by it.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["exchange:write"])), responses((status = 204, description = "It is gone")))]
#[delete("/v1/trading-schedules/{id}")]
pub async fn delete_trading_schedule(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<TradingScheduleId>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::delete(tx, command, *id, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_trading_schedules).service(create_trading_schedule);
    config.service(find_trading_schedule).service(edit_trading_schedule).service(delete_trading_schedule);
}
