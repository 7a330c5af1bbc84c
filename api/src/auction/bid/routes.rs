//! Bids over HTTP.

use actix_web::{get, post, web};
use domain::kernel::AuctionId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{LotChoice, NewAuctionBid, OwnBidDto, OwnBidQuery, ReceiptDto};
use super::{own, place};
use crate::app::App;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Quick};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Bid. It is durable, and in its place in the history, when this answers; the answer is its receipt and says whether you lead.
///
/// What a bid means, the format says: see the body. A company that may bid on the portal is admitted by its first bid, where the auction is
/// open to all and takes no deposit.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), request_body = NewAuctionBid,
    security(("person" = []), ("client" = ["auctions:bid"])),
    responses((status = 201, description = "It is taken", body = ReceiptDto, headers(("Location" = String)))))]
#[post("/v1/auctions/{id}/bids")]
pub async fn place_bid(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionId>,
    body: Quick<NewAuctionBid>,
) -> Reply {
    place::bid(&app, &call, &by, *id, &body).await
}

/// Buy a lot at once, at its buy-now price: until a bid has reached the reserve, or without a reserve until the first bid.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), request_body = LotChoice,
    security(("person" = []), ("client" = ["auctions:bid"])),
    responses((status = 201, description = "It is yours, and the lot has closed", body = ReceiptDto, headers(("Location" = String)))))]
#[post("/v1/auctions/{id}/buy-now")]
pub async fn buy_lot_now(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionId>,
    body: Body<LotChoice>,
) -> Reply {
    place::buy_now(&app, &call, &by, *id, &body.0).await
}

/// Take your sealed bid for a lot back, as long as sealed bids are taken.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), request_body = LotChoice,
    security(("person" = []), ("client" = ["auctions:bid"])),
    responses((status = 201, description = "It is taken back; the receipt is for that", body = ReceiptDto, headers(("Location" = String)))))]
#[post("/v1/auctions/{id}/bids/withdraw")]
pub async fn withdraw_sealed_bid(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionId>,
    body: Body<LotChoice>,
) -> Reply {
    place::withdraw(&app, &call, &by, *id, &body.0).await
}

/// Your organisation's own bids in an auction and what it was answered to them, by lot and number.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), OwnBidQuery),
    security(("person" = []), ("client" = ["auctions:read"])),
    responses((status = 200, description = "A page of your bids", body = Items<OwnBidDto>)))]
#[get("/v1/auctions/{id}/bids")]
pub async fn list_own_bids(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionId>,
    query: web::Query<OwnBidQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = own::list(&app, &by, *id, query.lot, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(place_bid).service(buy_lot_now).service(withdraw_sealed_bid).service(list_own_bids);
}
