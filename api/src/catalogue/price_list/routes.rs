//! Price lists over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::PriceListId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{PriceListData, PriceListDto, PriceListSummaryDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Your price lists on a portal.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug"), PageQuery),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of price lists", body = Items<PriceListSummaryDto>)))]
#[get("/v1/portals/{portal}/price-lists")]
pub async fn list_price_lists(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &portal, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Give some buyers other prices, for a period.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug")), request_body = PriceListData,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 201, description = "Kept", body = PriceListDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/portals/{portal}/price-lists")]
pub async fn create_price_list(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Body<PriceListData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &portal, &body.0).await).await
}

/// One of your price lists.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug"), ("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The price list", body = PriceListDto, headers(("ETag" = String)))))]
#[get("/v1/portals/{portal}/price-lists/{id}")]
pub async fn find_price_list(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, PriceListId)>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, &path.0, path.1).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a price list.
#[utoipa::path(tag = "catalogue", request_body = PriceListData,
    params(("portal" = String, Path, description = "Id or slug"), ("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "As it is now", body = PriceListDto, headers(("ETag" = String)))))]
#[patch("/v1/portals/{portal}/price-lists/{id}")]
pub async fn edit_price_list(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, PriceListId)>,
    body: Patch<PriceListData>,
) -> Reply {
    let expected = call.if_match()?;
    let (portal, id) = (&path.0, path.1);
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, portal, id, expected, &body).await).await
}

/// Put a price list away: its prices are not given any more.
#[utoipa::path(tag = "catalogue",
    params(("portal" = String, Path, description = "Id or slug"), ("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])), responses((status = 204, description = "Put away")))]
#[delete("/v1/portals/{portal}/price-lists/{id}")]
pub async fn archive_price_list(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, PriceListId)>,
) -> Reply {
    let expected = call.if_match()?;
    let (portal, id) = (&path.0, path.1);
    command(&app, &call, &by, async |tx, command| usecase::archive(tx, command, portal, id, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_price_lists).service(create_price_list).service(find_price_list);
    config.service(edit_price_list).service(archive_price_list);
}
