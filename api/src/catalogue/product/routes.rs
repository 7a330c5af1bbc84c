//! Products over HTTP.

use actix_web::{delete, get, patch, post, put, web};
use domain::kernel::ProductId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{NewProduct, ProductData, ProductDto, ProductQuery, StockCount, StockDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Your products, oldest first.
#[utoipa::path(tag = "catalogue", params(ProductQuery), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of products", body = Items<ProductDto>)))]
#[get("/v1/products")]
pub async fn list_products(app: web::Data<App>, call: Call, by: Principal, query: web::Query<ProductQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, query.sku.as_deref(), &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Add a product.
#[utoipa::path(tag = "catalogue", request_body = NewProduct, security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 201, description = "Added", body = ProductDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/products")]
pub async fn create_product(app: web::Data<App>, call: Call, by: Principal, body: Body<NewProduct>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &body.0).await).await
}

/// One of your products.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The product", body = ProductDto, headers(("ETag" = String)))))]
#[get("/v1/products/{id}")]
pub async fn find_product(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ProductId>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a product.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = ProductData,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "As it is now", body = ProductDto, headers(("ETag" = String)))))]
#[patch("/v1/products/{id}")]
pub async fn edit_product(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ProductId>,
    body: Patch<ProductData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *id, expected, &body).await).await
}

/// Take a product out of the range. What was ordered of it stays as it is.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])), responses((status = 204, description = "Archived")))]
#[delete("/v1/products/{id}")]
pub async fn archive_product(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ProductId>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::archive(tx, command, *id, expected).await).await
}

/// What there is of one of your products. Its ETag is the one that counting asks for.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The stock", body = StockDto, headers(("ETag" = String)))))]
#[get("/v1/products/{id}/stock")]
pub async fn find_stock(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ProductId>) -> Reply {
    let (found, version) = usecase::find_stock(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Set what was counted in the warehouse.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = StockCount,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "As it is now", body = StockDto, headers(("ETag" = String)))))]
#[put("/v1/products/{id}/stock")]
pub async fn count_stock(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ProductId>,
    body: Body<StockCount>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::count_stock(tx, command, *id, expected, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_products).service(create_product).service(find_product);
    config.service(edit_product).service(archive_product).service(find_stock).service(count_stock);
}
