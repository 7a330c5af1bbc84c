//! The member's own stream over HTTP.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, get, web};
use domain::kernel::Kind;
use utoipa_actix_web::service_config::ServiceConfig;

use super::stream::{self, Reader};
use crate::app::App;
use crate::exchange::floor::{self, Hosted};
use crate::exchange::forward::forward;
use crate::exchange::{access, rights};
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::{Problem, Reply};

/// What happens to your organisation's orders on the exchange of a portal, as Server-Sent Events: `accepted`, `rested`, `filled`,
/// `elected`, `amended`, `decremented` and `ended`, each with the order and what is open of it. Connect again with the last `id` in
/// `Last-Event-ID` and you miss nothing, however long ago that was; without one the stream begins now.
#[utoipa::path(tag = "exchange", params(("portal" = String, Path, description = "Id or slug"), ("Last-Event-ID" = Option<String>, Header)),
    security(("person" = []), ("client" = ["exchange:read"])),
    responses((status = 200, description = "Steps of your orders as they happen", content_type = "text/event-stream", body = String)))]
#[get("/v1/portals/{portal}/exchange/stream")]
pub async fn stream_own_orders(app: web::Data<App>, call: Call, by: Principal, portal: web::Path<String>) -> Reply {
    let company = by.require(rights::READ)?;
    let stream = {
        let mut connection = app.pool.get().await?;
        let seen = access::seen(&mut connection, Some(&by), &portal).await?;
        floor::stream_of(&app, &mut connection, seen.id).await?
    };
    let market = match floor::market(&app, stream).await? {
        Hosted::Here(market) => market,
        Hosted::There(address) => return forward(&app, &call, &address).await,
    };
    let missing = || Problem::new(Kind::Unauthenticated, "Send an access token: Authorization: Bearer …");
    let token = call.token().ok_or_else(missing)?.to_owned();
    let last = call.last_event_id().and_then(|text| text.parse().ok());
    let reader = Reader { app: app.get_ref().clone(), token, company, market };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream::of(reader, last)))
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(stream_own_orders);
}
