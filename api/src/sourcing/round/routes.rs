//! Rounds over HTTP.

use actix_web::{post, web};
use domain::kernel::{AuctionId, RfqId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::RoundData;
use super::usecase;
use crate::app::App;
use crate::auction::clerk;
use crate::command::command;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::sourcing::rfq::show::RfqDto;

/// Begin the next round of a request of yours that you evaluate: quotes may be revised until its deadline, or the quoters undercut each other
/// in a reverse auction, which is announced at once.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = RoundData,
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "The round has begun", body = RfqDto, headers(("ETag" = String)))))]
#[post("/v1/rfqs/{id}/rounds")]
pub async fn begin_round(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    body: Body<RoundData>,
) -> Reply {
    let begun =
        command(&app, &call, &by, async |tx, command| usecase::begin(tx, command, &app, *id, &body.0).await).await?;
    if let Some(auction) = usecase::auction_of(&app, *id).await? {
        clerk::tell_now(&app, AuctionId(auction)).await;
    }
    Ok(begun)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(begin_round);
}
