//! Catch weight over HTTP.

use actix_web::{delete, get, put, web};
use domain::kernel::ProductId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::CatchWeightDto;
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// How a product of yours is weighed, if it is billed by that.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The catch weight", body = CatchWeightDto, headers(("ETag" = String)))))]
#[get("/v1/products/{id}/catch-weight")]
pub async fn find_catch_weight(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ProductId>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Bill a product by what was weighed: ordered by the piece, or by about so many tonnes. Contracts that are made from now on say so.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = CatchWeightDto,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "It is billed by weight", body = CatchWeightDto, headers(("ETag" = String)))))]
#[put("/v1/products/{id}/catch-weight")]
pub async fn keep_catch_weight(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ProductId>,
    body: Body<CatchWeightDto>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::keep(tx, command, *id, expected, &body.0).await).await
}

/// Bill a product as it is ordered again.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 204, description = "It is billed as it is ordered")))]
#[delete("/v1/products/{id}/catch-weight")]
pub async fn remove_catch_weight(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ProductId>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::remove(tx, command, *id, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(find_catch_weight).service(keep_catch_weight).service(remove_catch_weight);
}
