//! Price lists over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::PriceListId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    ListPriceDto, PriceChange, PriceListData, PriceListDto, PriceListSummaryDto, PricesChanged, SentPrice, UploadQuery,
};
use super::{upload, usecase};
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

/// Give some buyers, or everyone, other prices, for a period.
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

/// The prices of a list, by offer and quantity.
#[utoipa::path(tag = "catalogue",
    params(("portal" = String, Path, description = "Id or slug"), ("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of prices", body = Items<ListPriceDto>)))]
#[get("/v1/portals/{portal}/price-lists/{id}/prices")]
pub async fn list_prices(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, PriceListId)>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::prices(&mut *app.pool.get().await?, &by, &path.0, path.1, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Send prices in bulk, a line of JSON each, up to millions. They are taken in beside those in force and take their place all at
/// once at the end; if a line is amiss, none of them does. The pointers of the faults begin with the number of the line, from 0.
#[utoipa::path(tag = "catalogue",
    request_body(content = SentPrice, content_type = "application/x-ndjson",
        example = json!({"sku": "CHAI-10", "from": "1", "price": "15.00"})),
    params(("portal" = String, Path, description = "Id or slug"), ("id" = Uuid, Path), UploadQuery, ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "They are in force", body = PricesChanged, headers(("ETag" = String)))))]
#[post("/v1/portals/{portal}/price-lists/{id}/prices")]
pub async fn send_prices(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, PriceListId)>,
    query: web::Query<UploadQuery>,
    body: web::Payload,
) -> Reply {
    let expected = call.if_match()?;
    let (portal, id) = (&path.0, path.1);
    let target = usecase::about_to_change(&mut *app.pool.get().await?, &by, portal, id).await?;
    let staged = upload::stage(&app, &call, &target, &query, body).await?;
    let outcome =
        command(&app, &call, &by, async |tx, command| usecase::adopt(tx, command, portal, id, expected, &staged).await)
            .await;
    upload::tidy(&app, &staged).await;
    outcome
}

/// Change all prices of a list by a percentage, at once.
#[utoipa::path(tag = "catalogue", request_body = PriceChange,
    params(("portal" = String, Path, description = "Id or slug"), ("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "They are in force", body = PricesChanged, headers(("ETag" = String)))))]
#[post("/v1/portals/{portal}/price-lists/{id}/adjust")]
pub async fn adjust_prices(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, PriceListId)>,
    body: Body<PriceChange>,
) -> Reply {
    let expected = call.if_match()?;
    let (portal, id) = (&path.0, path.1);
    command(&app, &call, &by, async |tx, command| usecase::adjust(tx, command, portal, id, expected, &body.0).await)
        .await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_price_lists).service(create_price_list).service(find_price_list);
    config.service(edit_price_list).service(archive_price_list);
    config.service(list_prices).service(send_prices).service(adjust_prices);
}
