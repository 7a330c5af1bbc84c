//! The WebSocket over HTTP.

use actix_web::http::header::UPGRADE;
use actix_web::{HttpRequest, get, web};
use domain::kernel::Kind;
use utoipa_actix_web::service_config::ServiceConfig;

use super::connection::Connection;
use crate::app::App;
use crate::hosting::stream::Token;
use crate::http::call::Call;
use crate::http::middleware::address;
use crate::http::principal::Viewer;
use crate::http::problem::{Problem, Reply};

pub const PATH: &str = "/v1/market-data";

/// A WebSocket for any number of instruments, and for your own orders. You send JSON texts (`MarketDataRequest`): `{"op": "subscribe",
/// "instrument_id": "…"}`, `unsubscribe`, `subscribe_orders` with a `portal`, `unsubscribe_orders`, and `authenticate` with a `token` if you
/// cannot send a header, or before yours ends. Each is answered (`MarketDataReply`) with `subscribed`, `unsubscribed`, `authenticated` or
/// `refused` with a problem. Then you get what the streams send, as `{"type": "book", "instrument_id": "…", "id": "17.2", "data": {…}}`: first a
/// `snapshot`, then numbered changes, and a new `snapshot` if you fall behind. With `last_event_id` a subscription goes on where an
/// earlier one broke off. `{"op": "subscribe_orders", "portal": "…", "cancel_on_disconnect": true}` cancels all your organisation's orders
/// there when the connection ends: closed, broken, silent for 45 seconds, or with a token that ended. Answer pings. Each message that you send counts as a request.
#[utoipa::path(tag = "exchange", security((), ("person" = []), ("client" = [])),
    responses((status = 101, description = "The connection speaks WebSocket from here on"),
        (status = 200, description = "The same, where a proxy before the service speaks HTTP/2 or HTTP/3 with you (RFC 8441, RFC 9220)"),
        (status = 426, description = "The request does not ask for a WebSocket")))]
#[get("/v1/market-data")]
pub async fn open_market_data(
    app: web::Data<App>,
    call: Call,
    _viewer: Viewer,
    request: HttpRequest,
    payload: web::Payload,
) -> Reply {
    if !call.headers().contains_key(UPGRADE) {
        return Err(Problem::new(Kind::UpgradeRequired, "Connect with a client for WebSockets."));
    }
    let malformed = |error: actix_web::Error| Problem::new(Kind::MalformedRequest, error.to_string());
    let (response, session, messages) = actix_ws::handle(&request, payload).map_err(malformed)?;
    let (token, address) = (Token::of(call.token()), address(&app, &request));
    let connection = Connection::new(app.get_ref().clone(), token, call.request_id(), address, session);
    actix_web::rt::spawn(connection.run(messages));
    Ok(response)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(open_market_data);
}
