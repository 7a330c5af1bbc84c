//! Categories over HTTP.

use actix_web::{get, patch, post, web};
use domain::kernel::CategoryId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{CategoryDto, CategoryName, CategoryQuery, NewCategory, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// The roots of the category tree, or the children of a node, by code.
#[utoipa::path(tag = "catalogue", params(CategoryQuery),
    responses((status = 200, description = "A page of categories", body = Items<CategoryDto>)))]
#[get("/v1/categories")]
pub async fn list_categories(app: web::Data<App>, call: Call, by: Viewer, query: web::Query<CategoryQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let of = query.parent_id.map(CategoryId);
    let found = usecase::children(&mut *app.pool.get().await?, of, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One category.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The category", body = CategoryDto, headers(("ETag" = String)))))]
#[get("/v1/categories/{id}")]
pub async fn find_category(app: web::Data<App>, call: Call, by: Viewer, id: web::Path<CategoryId>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Add a category (operator).
#[utoipa::path(tag = "catalogue", request_body = NewCategory, security(("person" = [])),
    responses((status = 201, description = "Added", body = CategoryDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/categories")]
pub async fn create_category(app: web::Data<App>, call: Call, by: Principal, body: Body<NewCategory>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &body.0).await).await
}

/// Rename a category (operator).
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = CategoryName,
    security(("person" = [])),
    responses((status = 200, description = "As it is now", body = CategoryDto, headers(("ETag" = String)))))]
#[patch("/v1/categories/{id}")]
pub async fn rename_category(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<CategoryId>,
    body: Patch<CategoryName>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::rename(tx, command, *id, expected, &body).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_categories).service(find_category).service(create_category).service(rename_category);
}
