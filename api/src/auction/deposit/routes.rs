//! Deposits for auctions over HTTP.

use actix_web::{post, web};
use domain::kernel::AuctionId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::AuctionDepositDto;
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Bind what the auction asks for of the money that you have deposited with the operator. Without it you do not bid.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["auctions:bid"])),
    responses((status = 200, description = "It is bound", body = AuctionDepositDto)))]
#[post("/v1/auctions/{id}/deposit")]
pub async fn bind_deposit(app: web::Data<App>, call: Call, by: Principal, id: web::Path<AuctionId>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::bind(tx, command, *id).await).await
}

/// Free your deposit until a minute before the auction opens, or after its end. Losers have it again by themselves once all lots have closed, winners once
/// their contract is signed by both.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["auctions:bid"])),
    responses((status = 200, description = "It is free", body = AuctionDepositDto)))]
#[post("/v1/auctions/{id}/deposit/release")]
pub async fn release_deposit(app: web::Data<App>, call: Call, by: Principal, id: web::Path<AuctionId>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::release(tx, command, *id).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(bind_deposit).service(release_deposit);
}
