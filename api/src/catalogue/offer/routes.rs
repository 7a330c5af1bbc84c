//! Offers over HTTP, for their sellers.

use actix_web::{get, patch, post, web};
use domain::catalogue::OfferStep;
use domain::kernel::OfferId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{NewOffer, OfferDto, OfferPrices};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Your offers on a portal.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug"), PageQuery),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of offers", body = Items<OfferDto>)))]
#[get("/v1/portals/{portal}/offers")]
pub async fn list_offers(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &portal, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Put one of your products on the portal.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug")), request_body = NewOffer,
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 201, description = "It is on offer", body = OfferDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/portals/{portal}/offers")]
pub async fn create_offer(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Body<NewOffer>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &portal, &body.0).await).await
}

/// One of your offers.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug"), ("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The offer", body = OfferDto, headers(("ETag" = String)))))]
#[get("/v1/portals/{portal}/offers/{id}")]
pub async fn find_offer(app: web::Data<App>, call: Call, by: Principal, path: web::Path<(String, OfferId)>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, &path.0, path.1, app.clock.now()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change the prices of an offer, whom it is for, and from when until when it is published.
#[utoipa::path(tag = "catalogue", request_body = OfferPrices,
    params(("portal" = String, Path, description = "Id or slug"), ("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "As it is now", body = OfferDto, headers(("ETag" = String)))))]
#[patch("/v1/portals/{portal}/offers/{id}")]
pub async fn edit_offer(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OfferId)>,
    body: Patch<OfferPrices>,
) -> Reply {
    let expected = call.if_match()?;
    let (portal, id) = (&path.0, path.1);
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, portal, id, expected, &body).await).await
}

/// Show an offer to buyers.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug"), ("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "It is published", body = OfferDto)))]
#[post("/v1/portals/{portal}/offers/{id}/publish")]
pub async fn publish_offer(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OfferId)>,
) -> Reply {
    let (portal, id) = (&path.0, path.1);
    command(&app, &call, &by, async |tx, command| usecase::step(tx, command, portal, id, OfferStep::Publish).await)
        .await
}

/// Take an offer back. What was ordered from it stays as it is.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug"), ("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "It is withdrawn", body = OfferDto)))]
#[post("/v1/portals/{portal}/offers/{id}/withdraw")]
pub async fn withdraw_offer(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OfferId)>,
) -> Reply {
    let (portal, id) = (&path.0, path.1);
    command(&app, &call, &by, async |tx, command| usecase::step(tx, command, portal, id, OfferStep::Withdraw).await)
        .await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_offers).service(create_offer).service(find_offer).service(edit_offer);
    config.service(publish_offer).service(withdraw_offer);
}
