//! Attributes of categories over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::CategoryId;
use infra::db::page::List;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AttributeData, AttributeDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// The attributes that hold for a category: its own and those it inherits, by key.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)),
    responses((status = 200, description = "All of them", body = Items<AttributeDto>)))]
#[get("/v1/categories/{id}/attributes")]
pub async fn list_attributes(app: web::Data<App>, call: Call, by: Viewer, id: web::Path<CategoryId>) -> Reply {
    let items = usecase::list(&mut *app.pool.get().await?, *id).await?;
    answer::list(&app, &call, by.organisation_id(), List { items, next: None })
}

/// Define an attribute of a category and of those below it (operator).
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), request_body = AttributeData, security(("person" = [])),
    responses((status = 201, description = "Defined", body = AttributeDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/categories/{id}/attributes")]
pub async fn create_attribute(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<CategoryId>,
    body: Body<AttributeData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, *id, &body.0).await).await
}

/// One attribute that holds for a category.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("key" = String, Path)),
    responses((status = 200, description = "The attribute", body = AttributeDto, headers(("ETag" = String)))))]
#[get("/v1/categories/{id}/attributes/{key}")]
pub async fn find_attribute(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    path: web::Path<(CategoryId, String)>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, path.0, &path.1).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change an attribute where no product breaks; key, kind and unit are fixed (operator).
#[utoipa::path(tag = "catalogue", request_body = AttributeData, security(("person" = [])),
    params(("id" = Uuid, Path), ("key" = String, Path), ("If-Match" = String, Header)),
    responses((status = 200, description = "As it is now", body = AttributeDto, headers(("ETag" = String)))))]
#[patch("/v1/categories/{id}/attributes/{key}")]
pub async fn edit_attribute(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(CategoryId, String)>,
    body: Patch<AttributeData>,
) -> Reply {
    let expected = call.if_match()?;
    let (id, key) = (path.0, path.1.as_str());
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, id, key, expected, &body).await).await
}

/// Take an attribute away that no product states any more (operator).
#[utoipa::path(tag = "catalogue", security(("person" = [])),
    params(("id" = Uuid, Path), ("key" = String, Path), ("If-Match" = String, Header)),
    responses((status = 204, description = "Gone")))]
#[delete("/v1/categories/{id}/attributes/{key}")]
pub async fn delete_attribute(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(CategoryId, String)>,
) -> Reply {
    let expected = call.if_match()?;
    let (id, key) = (path.0, path.1.as_str());
    command(&app, &call, &by, async |tx, command| usecase::delete(tx, command, id, key, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_attributes).service(create_attribute).service(find_attribute);
    config.service(edit_attribute).service(delete_attribute);
}
