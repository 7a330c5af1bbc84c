//! Saved mappings over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::ImportMappingId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ImportMapping, ImportMappingData};
use super::mapping as usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Your saved mappings of columns.
#[utoipa::path(tag = "catalogue", params(PageQuery), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of mappings", body = Items<ImportMapping>)))]
#[get("/v1/import-mappings")]
pub async fn list_import_mappings(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Save how the columns of your files correspond to fields. Imports use it by its name.
#[utoipa::path(tag = "catalogue", request_body = ImportMappingData,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 201, description = "Saved", body = ImportMapping, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/import-mappings")]
pub async fn create_import_mapping(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    body: Body<ImportMappingData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &body.0).await).await
}

/// One of your mappings.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The mapping", body = ImportMapping, headers(("ETag" = String)))))]
#[get("/v1/import-mappings/{id}")]
pub async fn find_import_mapping(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ImportMappingId>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a mapping. Files that came before keep the old one.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = ImportMappingData, security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "As it is now", body = ImportMapping, headers(("ETag" = String)))))]
#[patch("/v1/import-mappings/{id}")]
pub async fn edit_import_mapping(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ImportMappingId>,
    body: Patch<ImportMappingData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *id, expected, &body).await).await
}

/// Delete a mapping. Files that came with it keep it.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])), responses((status = 204, description = "It is deleted")))]
#[delete("/v1/import-mappings/{id}")]
pub async fn delete_import_mapping(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ImportMappingId>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::delete(tx, command, *id, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_import_mappings).service(create_import_mapping).service(find_import_mapping);
    config.service(edit_import_mapping).service(delete_import_mapping);
}
