//! Relations of products over HTTP.

use actix_web::{get, put, web};
use domain::kernel::ProductId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{RelationsData, RelationsDto, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// What stands beside one of your products. Its ETag is that of the product.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "Substitutes and accessories", body = RelationsDto, headers(("ETag" = String)))))]
#[get("/v1/products/{id}/relations")]
pub async fn find_relations(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ProductId>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Name what stands beside one of your products. Buyers see it where it is on offer to them on the same portal.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = RelationsData,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "As it is now", body = RelationsDto, headers(("ETag" = String)))))]
#[put("/v1/products/{id}/relations")]
pub async fn replace_relations(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ProductId>,
    body: Body<RelationsData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::replace(tx, command, *id, expected, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(find_relations).service(replace_relations);
}
