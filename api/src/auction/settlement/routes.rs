//! What follows from the close, over HTTP.

use actix_web::{post, web};
use domain::kernel::AuctionId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::default;
use super::dto::{DefaultDto, WinnerDefault};
use crate::app::App;
use crate::command::command;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Say that a winner of a lot of yours is in default: it has not signed within seven days, or has given its contract up. The contract ends,
/// you get its deposit, and the lot is unsold.
#[utoipa::path(tag = "auction", params(("id" = Uuid, Path), ("number" = i16, Path, description = "The number of the lot")),
    request_body = WinnerDefault, security(("person" = []), ("client" = ["auctions:write"])),
    responses((status = 200, description = "It is in default", body = DefaultDto)))]
#[post("/v1/auctions/{id}/lots/{number}/default")]
pub async fn declare_default(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(AuctionId, i16)>,
    body: Body<WinnerDefault>,
) -> Reply {
    let of = path.into_inner();
    command(&app, &call, &by, async |tx, command| default::declare(tx, command, of, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(declare_default);
}
