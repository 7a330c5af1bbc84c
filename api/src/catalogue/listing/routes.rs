//! The catalogue over HTTP.

use actix_web::http::header::LINK;
use actix_web::{get, web};
use domain::kernel::OfferId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CataloguePage, ListedOffer, QuantityQuery};
use super::query::CatalogueQuery;
use super::suggestion::{self, SuggestionQuery, Suggestions};
use super::usecase::{self, Reader};
use crate::app::App;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Viewer;
use crate::http::problem::Reply;

/// Search the offers of a portal at your own prices; on open portals for anybody.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug"), CatalogueQuery),
    responses((status = 200, description = "A page of offers", body = CataloguePage, headers(("ETag" = String)))))]
#[get("/v1/portals/{portal}/catalogue")]
pub async fn catalogue(app: web::Data<App>, call: Call, by: Viewer, portal: web::Path<String>) -> Reply {
    let query = CatalogueQuery::parse(call.query())?;
    // Cursors of a catalogue are the same for all its readers: what they lead to is scoped anew.
    let context = cursor::context(&call, None) + query.order(&call.languages());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let reader = Reader { organisation: by.organisation_id(), languages: call.languages() };
    let body = usecase::page(&app, &portal, &query, &page, &context, &reader).await?;
    let link = body.next.as_ref().and_then(|next| answer::next_link(&call, next).parse().ok());
    let mut response = answer::conditional(&call, Some(body.etag), body.bytes, reader.organisation.is_some());
    if let Some(link) = link {
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}

/// Ways to finish what a buyer has typed so far, by the words of the offers of a portal.
#[utoipa::path(tag = "catalogue", params(("portal" = String, Path, description = "Id or slug"), SuggestionQuery),
    responses((status = 200, description = "Suggestions, the most frequent first", body = Suggestions)))]
#[get("/v1/portals/{portal}/catalogue/suggestions")]
pub async fn catalogue_suggestions(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    portal: web::Path<String>,
    query: web::Query<SuggestionQuery>,
) -> Reply {
    let reader = Reader { organisation: by.organisation_id(), languages: call.languages() };
    let found = suggestion::suggestions(&app, &portal, &query, &reader).await?;
    answer::read(&call, reader.organisation, &found, None)
}

/// One published offer, at your own price for a quantity, with where the price comes from.
#[utoipa::path(tag = "catalogue",
    params(("portal" = String, Path, description = "Id or slug"), ("offer" = Uuid, Path), QuantityQuery),
    responses((status = 200, description = "The offer", body = ListedOffer, headers(("ETag" = String)))))]
#[get("/v1/portals/{portal}/catalogue/{offer}")]
pub async fn catalogue_offer(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    path: web::Path<(String, OfferId)>,
    query: web::Query<QuantityQuery>,
) -> Reply {
    let reader = Reader { organisation: by.organisation_id(), languages: call.languages() };
    let body = usecase::offer(&app, &path.0, path.1.0, &query, &reader).await?;
    Ok(answer::conditional(&call, Some(body.etag), body.bytes, reader.organisation.is_some()))
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(catalogue).service(catalogue_suggestions).service(catalogue_offer);
}
