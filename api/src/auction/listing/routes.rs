//! Auctions over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::AuctionId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AuctionCancellation, AuctionData, AuctionQuery};
use super::show::{AuctionDto, AuctionSummary};
use super::{read, relist, usecase};
use crate::app::App;
use crate::auction::clerk;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// The auctions of a portal that you may know of; on open portals for anybody. Drafts are their holder's alone, and those by invitation are
/// shown to whom they invite.
#[utoipa::path(tag = "auction", params(("portal" = String, Path, description = "Id or slug"), AuctionQuery),
    responses((status = 200, description = "A page of auctions", body = Items<AuctionSummary>)))]
#[get("/v1/portals/{portal}/auctions")]
pub async fn list_auctions(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    portal: web::Path<String>,
    query: web::Query<AuctionQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let connection = &mut *app.pool.get().await?;
    let found = read::list(connection, by.principal(), &portal, &query, &page, &call.languages()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Put an auction together on a portal where you sell, or where you buy if suppliers are to undercut each other. It is a draft that you alone
/// see until you publish it.
#[utoipa::path(tag = "auction", request_body = AuctionData, params(("portal" = String, Path, description = "Id or slug")),
    security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 201, description = "It is a draft", body = AuctionDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/portals/{portal}/auctions")]
pub async fn create_auction(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Body<AuctionData>,
) -> Reply {
    let languages = call.languages();
    let work =
        async |tx: &mut _, command: &_| usecase::create(tx, command, &app.secret, &portal, &body.0, &languages).await;
    command(&app, &call, &by, work).await
}

/// One auction: what is sold, by which rules, how its lots stand, and what you are in it.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)),
    responses((status = 200, description = "The auction", body = AuctionDto, headers(("ETag" = String)))))]
#[get("/v1/auctions/{id}")]
pub async fn find_auction(app: web::Data<App>, call: Call, by: Viewer, id: web::Path<AuctionId>) -> Reply {
    let connection = &mut *app.pool.get().await?;
    let (found, version) = read::find(connection, by.principal(), *id, &call.languages()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change an auction of yours: a draft, or one that is announced, until a minute before it opens. Currency and access stay once it is
/// published.
#[utoipa::path(tag = "auction", request_body = AuctionData, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 200, description = "As it is now", body = AuctionDto, headers(("ETag" = String)))))]
#[patch("/v1/auctions/{id}")]
pub async fn edit_auction(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionId>,
    body: Patch<AuctionData>,
) -> Reply {
    let (expected, languages) = (call.if_match()?, call.languages());
    let work = async |tx: &mut _, command: &_| usecase::edit(tx, command, *id, expected, &body, &languages).await;
    command(&app, &call, &by, work).await
}

/// Throw a draft of yours away.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["auctions:write"])), responses((status = 204, description = "It is gone")))]
#[delete("/v1/auctions/{id}")]
pub async fn delete_auction(app: web::Data<App>, call: Call, by: Principal, id: web::Path<AuctionId>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::delete(tx, command, *id, expected).await).await
}

/// Announce an auction of yours: others see it, apply and ask, and it opens by itself.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 200, description = "It is announced", body = AuctionDto, headers(("ETag" = String)))))]
#[post("/v1/auctions/{id}/publish")]
pub async fn publish_auction(app: web::Data<App>, call: Call, by: Principal, id: web::Path<AuctionId>) -> Reply {
    let languages = call.languages();
    let work = async |tx: &mut _, command: &_| usecase::publish(tx, command, *id, &languages).await;
    let published = command(&app, &call, &by, work).await?;
    clerk::tell_now(&app, *id).await;
    Ok(published)
}

/// Cancel an auction that you hold, or one on a portal that you manage. Lots that have closed stay as they are; the others are cancelled
/// within seconds, and no bid counts there any more.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), request_body = AuctionCancellation,
    security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 200, description = "It is cancelled, or about to be", body = AuctionDto, headers(("ETag" = String)))))]
#[post("/v1/auctions/{id}/cancel")]
pub async fn cancel_auction(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionId>,
    body: Body<AuctionCancellation>,
) -> Reply {
    let languages = call.languages();
    let work = async |tx: &mut _, command: &_| usecase::cancel(tx, command, *id, &body.0, &languages).await;
    let cancelled = command(&app, &call, &by, work).await?;
    clerk::tell_now(&app, *id).await;
    Ok(cancelled)
}

/// Put up anew what of an auction of yours was not sold or was cancelled: a new draft with these lots.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 201, description = "The new draft", body = AuctionDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/auctions/{id}/relist")]
pub async fn relist_auction(app: web::Data<App>, call: Call, by: Principal, id: web::Path<AuctionId>) -> Reply {
    let languages = call.languages();
    let work = async |tx: &mut _, command: &_| relist::relist(tx, command, &app.secret, *id, &languages).await;
    command(&app, &call, &by, work).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_auctions).service(create_auction).service(find_auction);
    config.service(edit_auction).service(delete_auction).service(publish_auction);
    config.service(cancel_auction).service(relist_auction);
}
