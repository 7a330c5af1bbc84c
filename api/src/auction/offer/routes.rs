//! Offers to second bidders over HTTP.

use actix_web::{get, post, web};
use domain::kernel::{AuctionId, AuctionOfferId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{OfferDto, SecondOfferData};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Offer an unsold lot of yours to the second bidder, at what that bid.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), ("number" = i16, Path, description = "The number of the lot")),
    request_body = SecondOfferData, security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 201, description = "The second bidder is asked", body = OfferDto, headers(("Location" = String)))))]
#[post("/v1/auctions/{id}/lots/{number}/offer")]
pub async fn offer_lot(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(AuctionId, i16)>,
    body: Body<SecondOfferData>,
) -> Reply {
    let of = path.into_inner();
    command(&app, &call, &by, async |tx, command| usecase::make(tx, command, of, &body.0).await).await
}

/// The lots of an auction that were offered to second bidders, newest first: all of an auction of yours, or those that were offered to you.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["auctions:read"])),
    responses((status = 200, description = "A page of offers", body = Items<OfferDto>)))]
#[get("/v1/auctions/{id}/offers")]
pub async fn list_auction_offers(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Take a lot that is offered to you as the second bidder: a contract is made of it.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["auctions:bid"])),
    responses((status = 200, description = "It is yours", body = OfferDto)))]
#[post("/v1/auction-offers/{id}/accept")]
pub async fn accept_auction_offer(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionOfferId>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::accept(tx, command, *id).await).await
}

/// Do not take a lot that is offered to you.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["auctions:bid"])),
    responses((status = 200, description = "It is declined", body = OfferDto)))]
#[post("/v1/auction-offers/{id}/decline")]
pub async fn decline_auction_offer(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionOfferId>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::decline(tx, command, *id).await).await
}

/// Take back an offer of yours, as long as it is not answered.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 200, description = "It is withdrawn", body = OfferDto)))]
#[post("/v1/auction-offers/{id}/withdraw")]
pub async fn withdraw_auction_offer(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionOfferId>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::withdraw(tx, command, *id).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(offer_lot).service(list_auction_offers).service(accept_auction_offer);
    config.service(decline_auction_offer).service(withdraw_auction_offer);
}
