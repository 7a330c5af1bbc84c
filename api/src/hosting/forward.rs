//! Calls for a machine that another node hosts go there, and its answer comes back as it is.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use futures::TryStreamExt;
use serde::de::DeserializeOwned;

use super::stream::Place;
use crate::app::App;
use crate::http::call::Call;
use crate::http::problem::{Problem, Reply};

/// Told with a call that was forwarded: it is not forwarded again.
const FORWARDED: &str = "x-torg-forwarded";

/// What of a request goes on. Lengths and connections are each node's own.
const SENT: [&str; 9] = [
    "authorization",
    "content-type",
    "accept",
    "accept-language",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "traceparent",
];

/// What of an answer comes back.
const TOLD: [&str; 10] = [
    "content-type",
    "cache-control",
    "location",
    "etag",
    "link",
    "vary",
    "retry-after",
    "idempotent-replayed",
    "www-authenticate",
    "x-accel-buffering",
];

/// How long the other node may take to be reached; if it is gone, its lease soon ends.
const REACHED: Duration = Duration::from_secs(2);

pub async fn forward(app: &App, call: &Call, address: &str) -> Reply {
    if call.headers().contains_key(FORWARDED) {
        return Err(Problem::unavailable(&"what the call is for has moved to another node meanwhile"));
    }
    let query = if call.query().is_empty() { String::new() } else { format!("?{}", call.query()) };
    let method = reqwest::Method::from_bytes(call.method().as_bytes()).map_err(|error| Problem::internal(&error))?;
    let mut request = client()?.request(method, format!("{address}{}{query}", call.path()));
    for name in SENT {
        if let Some(value) = call.headers().get(name).and_then(|value| value.to_str().ok()) {
            request = request.header(name, value);
        }
    }
    let request = request.header("x-request-id", call.request_id()).header(FORWARDED, app.config.node_address());
    let answered = request.body(call.body()).send().await.map_err(|error| Problem::unavailable(&error))?;
    let status = StatusCode::from_u16(answered.status().as_u16()).map_err(|error| Problem::internal(&error))?;
    let mut response = HttpResponse::build(status);
    for name in TOLD {
        if let Some(value) = answered.headers().get(name).and_then(|value| value.to_str().ok()) {
            response.insert_header((name, value));
        }
    }
    Ok(response.streaming(answered.bytes_stream().map_err(std::io::Error::other)))
}

/// Begins to read a stream at the node that hosts its machine. The problem that the other node may tell is not passed on: it is asked only
/// for what was checked here.
pub async fn stream(
    app: &App,
    url: &str,
    token: Option<&str>,
    last: Option<Place>,
) -> Result<reqwest::Response, Problem> {
    let mut request = client()?.get(url).header(FORWARDED, app.config.node_address());
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(Place { entry, event }) = last {
        request = request.header("last-event-id", format!("{entry}.{event}"));
    }
    let response = request.send().await.and_then(reqwest::Response::error_for_status);
    response.map_err(|error| Problem::unavailable(&error))
}

/// Reads something at another node in the caller's name; none where the caller may not.
pub async fn read<T: DeserializeOwned>(app: &App, call: &Call, url: &str) -> Result<Option<T>, Problem> {
    let mut request = client()?.get(url).header(FORWARDED, app.config.node_address());
    if let Some(token) = call.token() {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.map_err(|error| Problem::unavailable(&error))?;
    if response.status().is_client_error() {
        return Ok(None);
    }
    let response = response.error_for_status().map_err(|error| Problem::unavailable(&error))?;
    response.json().await.map(Some).map_err(|error| Problem::unavailable(&error))
}

/// One client for each thread, since connections belong to the runtime that opened them.
fn client() -> Result<reqwest::Client, Problem> {
    thread_local!(static CLIENT: std::cell::OnceCell<reqwest::Client> = const { std::cell::OnceCell::new() });
    if let Some(known) = CLIENT.with(|known| known.get().cloned()) {
        return Ok(known);
    }
    let made = reqwest::Client::builder().connect_timeout(REACHED).no_proxy().build();
    let made = made.map_err(|error| Problem::internal(&error))?;
    Ok(CLIENT.with(|known| known.get_or_init(|| made).clone()))
}
