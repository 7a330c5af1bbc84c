//! Warehouses over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::WarehouseId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{WarehouseData, WarehouseDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Your warehouses.
#[utoipa::path(tag = "catalogue", params(PageQuery), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of warehouses", body = Items<WarehouseDto>)))]
#[get("/v1/warehouses")]
pub async fn list_warehouses(app: web::Data<App>, call: Call, by: Principal, query: web::Query<PageQuery>) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Add a warehouse.
#[utoipa::path(tag = "catalogue", request_body = WarehouseData, security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 201, description = "Added", body = WarehouseDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/warehouses")]
pub async fn create_warehouse(app: web::Data<App>, call: Call, by: Principal, body: Body<WarehouseData>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &body.0).await).await
}

/// One of your warehouses.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The warehouse", body = WarehouseDto, headers(("ETag" = String)))))]
#[get("/v1/warehouses/{id}")]
pub async fn find_warehouse(app: web::Data<App>, call: Call, by: Principal, id: web::Path<WarehouseId>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a warehouse.
#[utoipa::path(tag = "catalogue", request_body = WarehouseData, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "As it is now", body = WarehouseDto, headers(("ETag" = String)))))]
#[patch("/v1/warehouses/{id}")]
pub async fn edit_warehouse(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<WarehouseId>,
    body: Patch<WarehouseData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *id, expected, &body).await).await
}

/// Take an empty warehouse out of use.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])), responses((status = 204, description = "Out of use")))]
#[delete("/v1/warehouses/{id}")]
pub async fn archive_warehouse(app: web::Data<App>, call: Call, by: Principal, id: web::Path<WarehouseId>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::archive(tx, command, *id, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_warehouses).service(create_warehouse).service(find_warehouse);
    config.service(edit_warehouse).service(archive_warehouse);
}
