//! Buyer groups over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::{BuyerGroupId, OrganisationId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{BuyerGroupData, BuyerGroupDto, BuyerGroupSummaryDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Your buyer groups.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of buyer groups", body = Items<BuyerGroupSummaryDto>)))]
#[get("/v1/organisations/{id}/buyer-groups")]
pub async fn list_buyer_groups(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Give some of your buyers a name, so that offers and price lists can be for all of them.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), request_body = BuyerGroupData,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 201, description = "Kept", body = BuyerGroupDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/organisations/{id}/buyer-groups")]
pub async fn create_buyer_group(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<BuyerGroupData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, *id, &body.0).await).await
}

/// One of your buyer groups.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("group" = Uuid, Path)),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The buyer group", body = BuyerGroupDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}/buyer-groups/{group}")]
pub async fn find_buyer_group(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, BuyerGroupId)>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *path).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a buyer group. Whom offers and prices are for changes with it, at once.
#[utoipa::path(tag = "catalogue", request_body = BuyerGroupData,
    params(("id" = Uuid, Path), ("group" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "As it is now", body = BuyerGroupDto, headers(("ETag" = String)))))]
#[patch("/v1/organisations/{id}/buyer-groups/{group}")]
pub async fn edit_buyer_group(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, BuyerGroupId)>,
    body: Patch<BuyerGroupData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *path, expected, &body).await).await
}

/// Remove a buyer group that no offer and no price list names.
#[utoipa::path(tag = "catalogue",
    params(("id" = Uuid, Path), ("group" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])), responses((status = 204, description = "Removed")))]
#[delete("/v1/organisations/{id}/buyer-groups/{group}")]
pub async fn remove_buyer_group(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, BuyerGroupId)>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::remove(tx, command, *path, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_buyer_groups).service(create_buyer_group).service(find_buyer_group);
    config.service(edit_buyer_group).service(remove_buyer_group);
}
