//! The member's own stream over HTTP.

use actix_web::{get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::stream;
use crate::app::App;
use crate::hosting::forward::forward;
use crate::hosting::stream::{Opened, Token};
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::http::sse;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OwnStreamQuery {
    /// When this stream ends, in whatever way, all orders of your organisation on the portal's exchange are cancelled. That an end is
    /// noticed may take some seconds; over a WebSocket it is noticed at once. Takes the right to trade.
    pub cancel_on_disconnect: Option<bool>,
}

/// What happens to your organisation's orders on the exchange of a portal, as Server-Sent Events: `accepted`, `rested`, `filled`,
/// `elected`, `amended`, `decremented` and `ended`, each with the order and what is open of it. Connect again with the last `id` in
/// `Last-Event-ID` and you miss nothing, however long ago that was; without one the stream begins now.
#[utoipa::path(tag = "exchange", params(("portal" = String, Path, description = "Id or slug"), OwnStreamQuery, ("Last-Event-ID" = Option<String>, Header)),
    security(("person" = []), ("client" = ["exchange:read"])),
    responses((status = 200, description = "Steps of your orders as they happen", content_type = "text/event-stream", body = String)))]
#[get("/v1/portals/{portal}/exchange/stream")]
pub async fn stream_own_orders(
    app: web::Data<App>,
    call: Call,
    _by: Principal,
    portal: web::Path<String>,
    query: web::Query<OwnStreamQuery>,
) -> Reply {
    let last = call.last_event_id().and_then(|text| text.parse().ok());
    let cancel = query.cancel_on_disconnect.unwrap_or_default();
    match stream::open(&app, Token::of(call.token()), &portal, last, cancel).await? {
        Opened::Here(parts) => Ok(sse::answer(parts)),
        Opened::There(address) => forward(&app, &call, &address).await,
    }
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(stream_own_orders);
}
