//! Categories over HTTP.

use actix_web::{get, patch, post, web};
use domain::kernel::CategoryId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{CategoriesLoaded, CategoryData, CategoryDto, CategoryLoad, CategoryQuery, NewCategory, load, usecase};
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

/// Rename a category, or move it with all that is below it where no product breaks (operator).
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = CategoryData,
    security(("person" = [])),
    responses((status = 200, description = "As it is now", body = CategoryDto, headers(("ETag" = String)))))]
#[patch("/v1/categories/{id}")]
pub async fn edit_category(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<CategoryId>,
    body: Patch<CategoryData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *id, expected, &body).await).await
}

/// Make categories of a whole code list, or of a branch of it, in one step (operator).
#[utoipa::path(tag = "catalogue", params(("key" = String, Path)), request_body = CategoryLoad, security(("person" = [])),
    responses((status = 200, description = "What became of the codes", body = CategoriesLoaded)))]
#[post("/v1/code-lists/{key}/categories")]
pub async fn load_categories(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    key: web::Path<String>,
    body: Body<CategoryLoad>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| load::load(tx, command, &key, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_categories).service(find_category).service(create_category).service(edit_category);
    config.service(load_categories);
}
