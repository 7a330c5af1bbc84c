//! Bidders over HTTP.

use actix_web::{get, post, web};
use domain::auction::BidderStep;
use domain::kernel::{AuctionId, OrganisationId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AuctionApplication, AuctionInvitations, BidderDecision, BidderDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Who bids in an auction: all of them for its holder, yourself for anybody else. Who stands behind which pseudonym nobody learns before the
/// close.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["auctions:read"])),
    responses((status = 200, description = "A page of bidders", body = Items<BidderDto>)))]
#[get("/v1/auctions/{id}/bidders")]
pub async fn list_bidders(
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

/// Ask to bid in an auction. You are admitted at once where everybody may bid and where you were invited; else the holder decides.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), request_body = AuctionApplication,
    security(("person" = []), ("client" = ["auctions:bid"])),
    responses((status = 200, description = "Admitted, or waiting for the holder", body = BidderDto)))]
#[post("/v1/auctions/{id}/bidders/apply")]
pub async fn apply_to_auction(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionId>,
    body: Body<AuctionApplication>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::apply(tx, command, *id, &body.0).await).await
}

/// Invite companies to bid in an auction of yours. They apply to be admitted; of an auction by invitation others know nothing.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), request_body = AuctionInvitations,
    security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 200, description = "Those who were not in it before", body = Items<BidderDto>)))]
#[post("/v1/auctions/{id}/bidders/invite")]
pub async fn invite_bidders(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AuctionId>,
    body: Body<AuctionInvitations>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::invite(tx, command, *id, &body.0).await).await
}

/// Qualify a company that has applied, or take one in again.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), ("organisation" = Uuid, Path)), request_body = BidderDecision,
    security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 200, description = "It may bid", body = BidderDto)))]
#[post("/v1/auctions/{id}/bidders/{organisation}/admit")]
pub async fn admit_bidder(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(AuctionId, OrganisationId)>,
    body: Body<BidderDecision>,
) -> Reply {
    let (of, step) = (path.into_inner(), (BidderStep::Admit, "auction.bidder_admitted"));
    command(&app, &call, &by, async |tx, command| usecase::decide(tx, command, of, step, &body.0).await).await
}

/// Refuse a company that has applied or was invited.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), ("organisation" = Uuid, Path)), request_body = BidderDecision,
    security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 200, description = "It does not bid", body = BidderDto)))]
#[post("/v1/auctions/{id}/bidders/{organisation}/refuse")]
pub async fn refuse_bidder(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(AuctionId, OrganisationId)>,
    body: Body<BidderDecision>,
) -> Reply {
    let (of, step) = (path.into_inner(), (BidderStep::Refuse, "auction.bidder_refused"));
    command(&app, &call, &by, async |tx, command| usecase::decide(tx, command, of, step, &body.0).await).await
}

/// Take a company out of an auction of yours: its bids for lots that have not closed do not count any more.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), ("organisation" = Uuid, Path)), request_body = BidderDecision,
    security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 200, description = "It is out", body = BidderDto)))]
#[post("/v1/auctions/{id}/bidders/{organisation}/withdraw")]
pub async fn withdraw_bidder(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(AuctionId, OrganisationId)>,
    body: Body<BidderDecision>,
) -> Reply {
    let (of, step) = (path.into_inner(), (BidderStep::Withdraw, "auction.bidder_withdrawn"));
    command(&app, &call, &by, async |tx, command| usecase::decide(tx, command, of, step, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_bidders).service(apply_to_auction).service(invite_bidders);
    config.service(admit_bidder).service(refuse_bidder).service(withdraw_bidder);
}
