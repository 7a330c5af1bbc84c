//! Instruments over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::InstrumentId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{InstrumentData, InstrumentDto, InstrumentQuery};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// What is traded on a portal, by code; on open portals for anybody.
#[utoipa::path(tag = "exchange", params(("portal" = String, Path, description = "Id or slug"), InstrumentQuery),
    responses((status = 200, description = "A page of instruments", body = Items<InstrumentDto>)))]
#[get("/v1/portals/{portal}/instruments")]
pub async fn list_instruments(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    portal: web::Path<String>,
    query: web::Query<InstrumentQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let connection = &mut *app.pool.get().await?;
    let found = usecase::list(connection, by.principal(), &portal, &query, &page, &call.languages()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// List an instrument on a portal that you manage. It is closed until its schedule, or you, open it.
#[utoipa::path(tag = "exchange", request_body = InstrumentData, params(("portal" = String, Path, description = "Id or slug")),
    security(("person" = []), ("client" = ["exchange:write"])),
    responses((status = 201, description = "It is listed", body = InstrumentDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/portals/{portal}/instruments")]
pub async fn create_instrument(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Body<InstrumentData>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &portal, &body.0, &languages).await)
        .await
}

/// One instrument; also one that is delisted, since trades and contracts name it.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The instrument", body = InstrumentDto, headers(("ETag" = String)))))]
#[get("/v1/instruments/{id}")]
pub async fn find_instrument(app: web::Data<App>, call: Call, by: Viewer, id: web::Path<InstrumentId>) -> Reply {
    let connection = &mut *app.pool.get().await?;
    let (found, version) = usecase::find(connection, by.principal(), *id, &call.languages()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change an instrument on a portal that you manage. What orders, trades and contracts rest on stays.
#[utoipa::path(tag = "exchange", request_body = InstrumentData, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["exchange:write"])),
    responses((status = 200, description = "As it is now", body = InstrumentDto, headers(("ETag" = String)))))]
#[patch("/v1/instruments/{id}")]
pub async fn edit_instrument(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<InstrumentId>,
    body: Patch<InstrumentData>,
) -> Reply {
    let (expected, languages) = (call.if_match()?, call.languages());
    let work = async |tx: &mut _, command: &_| usecase::edit(tx, command, *id, expected, &body, &languages).await;
    command(&app, &call, &by, work).await
}

/// Delist an instrument on a portal that you manage, for good. What was traded stays.
#[utoipa::path(tag = "exchange", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["exchange:write"])), responses((status = 204, description = "It is delisted")))]
#[delete("/v1/instruments/{id}")]
pub async fn delist_instrument(app: web::Data<App>, call: Call, by: Principal, id: web::Path<InstrumentId>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::delist(tx, command, *id, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_instruments).service(create_instrument);
    config.service(find_instrument).service(edit_instrument).service(delist_instrument);
}
