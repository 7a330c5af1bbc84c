//! Blocked buyers over HTTP.

use actix_web::{delete, get, post, web};
use domain::kernel::OrganisationId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{BlockedBuyerDto, NewBlockedBuyer};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// The buyers that you have blocked.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of blocked buyers", body = Items<BlockedBuyerDto>)))]
#[get("/v1/organisations/{id}/blocked-buyers")]
pub async fn list_blocked_buyers(
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

/// Block a buyer: it sees and buys nothing of yours, on any portal, and is not told. What it ordered before stays as it is.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), request_body = NewBlockedBuyer,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 201, description = "It is blocked", body = BlockedBuyerDto, headers(("Location" = String)))))]
#[post("/v1/organisations/{id}/blocked-buyers")]
pub async fn block_buyer(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<NewBlockedBuyer>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::block(tx, command, *id, &body.0).await).await
}

/// Serve a blocked buyer again.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("buyer" = Uuid, Path)),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 204, description = "It sees your offers again")))]
#[delete("/v1/organisations/{id}/blocked-buyers/{buyer}")]
pub async fn unblock_buyer(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, OrganisationId)>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::unblock(tx, command, *path).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_blocked_buyers).service(block_buyer).service(unblock_buyer);
}
