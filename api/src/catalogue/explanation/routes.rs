//! Explained prices and previews over HTTP.

use actix_web::{get, web};
use domain::kernel::OfferId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{Explanation, PreviewPriceQuery, PreviewQuery, PriceQuery};
use super::usecase;
use crate::app::App;
use crate::catalogue::listing::dto::ListedOffer;
use crate::http::answer::{self, Items};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// Your price of an offer and where it comes from: all that could have been it, with the reason why each won or lost. Also for a moment
/// in the past, as far back as you could have seen the offer, by the prices and lists in force then; the product's category, the tree of
/// categories and the packs are today's.
#[utoipa::path(tag = "catalogue",
    params(("portal" = String, Path, description = "Id or slug"), ("offer" = Uuid, Path), PriceQuery),
    responses((status = 200, description = "The price, explained", body = Explanation)))]
#[get("/v1/portals/{portal}/catalogue/{offer}/price")]
pub async fn explain_price(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    path: web::Path<(String, OfferId)>,
    query: web::Query<PriceQuery>,
) -> Reply {
    let (reader, now) = (by.organisation_id(), app.clock.now());
    let told = usecase::price(&mut *app.pool.get().await?, &path.0, reader, path.1, &query, now).await?;
    answer::read(&call, reader, &told, None)
}

/// Your offers on the portal as a buyer, or somebody without a log-in, sees them.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug"), PreviewQuery),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of offers", body = Items<ListedOffer>)))]
#[get("/v1/portals/{portal}/preview")]
pub async fn preview(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    query: web::Query<PreviewQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let (languages, now) = (call.languages(), app.clock.now());
    let connection = &mut *app.pool.get().await?;
    let found = usecase::preview(connection, &by, &portal, query.organisation_id, &page, &languages, now).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// A buyer's price of one of your offers and where it comes from, with the names of your lists; also of the past and of the time to come.
/// The product's category, the tree of categories and the packs are today's.
#[utoipa::path(tag = "catalogue",
    params(("portal" = String, Path, description = "Id or slug"), ("offer" = Uuid, Path), PreviewPriceQuery),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The price, explained", body = Explanation)))]
#[get("/v1/portals/{portal}/preview/{offer}")]
pub async fn preview_price(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OfferId)>,
    query: web::Query<PreviewPriceQuery>,
) -> Reply {
    let query = query.into_inner();
    let wanted = PriceQuery { quantity: query.quantity, unit: query.unit, currency: query.currency, at: query.at };
    let (buyer, now) = (query.organisation_id, app.clock.now());
    let connection = &mut *app.pool.get().await?;
    let told = usecase::preview_price(connection, &by, &path.0, buyer, path.1, &wanted, now).await?;
    answer::read(&call, by.organisation_id(), &told, None)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(explain_price).service(preview).service(preview_price);
}
