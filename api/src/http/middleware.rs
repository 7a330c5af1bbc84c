//! What happens to every request: an id, a limit, a bound on panics, a log line, metrics, and one form for all errors.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError, web};
use domain::kernel::Kind;
use futures::FutureExt;
use tokio::time::timeout;
use tracing::Instrument;

use super::call::RequestId;
use super::life;
use super::limit::{self, Policy, Standing};
use super::principal::Viewer;
use super::problem::Problem;
use crate::app::App;
use crate::clock::new_id;

/// The outermost middleware.
pub async fn conventions(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = app(&request)?;
    let started = Instant::now();
    let id = request_id(&request, &app);
    request.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let span = tracing::info_span!("request", request_id = %id, %method, path = without_token(&path));

    let alone = |problem| Alone { problem, path: path.clone(), id: id.clone() };
    let patience = patience(&app, &request);
    let answer = AssertUnwindSafe(answer(&app, request, next)).catch_unwind().instrument(span.clone());
    let answered = timeout(patience, answer).await;
    let (mut response, standing) = answered
        .map_err(|_| alone(Problem::unavailable(&"the request took too long")))?
        .map_err(|_| alone(Problem::internal(&"a handler panicked")))??;
    if let Some(problem) = problem_of(&response) {
        let rendered = problem.response(&path, &id);
        response = response.into_response(rendered);
    }
    finish(&mut response, &id, standing);
    if let Some(deprecated) = of_route(&response, &method) {
        deprecated.mark(response.headers_mut());
    }
    span.in_scope(|| record(&response, &method, started));
    Ok(response)
}

/// The path as it may be logged: the token of a visit from a procurement system is an authority of its own.
fn without_token(path: &str) -> &str {
    const VISITS: &str = "/v1/punchout/";
    if path.starts_with(VISITS) { VISITS } else { path }
}

/// What the handler says, if the caller is within its limit.
async fn answer(
    app: &App,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<(ServiceResponse<BoxBody>, Option<Standing>), Error> {
    let standing = count(app, &request).await;
    let response = match standing {
        Some(standing) if !standing.allowed => request.error_response(limit::exceeded(standing)),
        _ if names_nul(request.uri().path()) => request.error_response(nothing_here()),
        _ if names_nul(request.query_string()) => {
            request.error_response(Problem::new(Kind::InvalidQuery, "A parameter holds the character NUL."))
        }
        _ => next.call(request).await?.map_into_boxed_body(),
    };
    Ok((response, standing))
}

/// The character NUL can be no part of a text in the database, so it names nothing.
fn names_nul(escaped: &str) -> bool {
    escaped.contains("%00")
}

fn nothing_here() -> Problem {
    Problem::new(Kind::NotFound, "There is nothing here.")
}

/// How long a request may take, reading its body included. A file takes as long as it needs.
fn patience(app: &App, request: &ServiceRequest) -> Duration {
    let kind = request.headers().get("Content-Type").map_or(&b""[..], HeaderValue::as_bytes);
    let uploads = [&b"multipart/"[..], b"text/csv", b"application/x-ndjson", b"application/jsonl"];
    let uploads = uploads.iter().any(|one| kind.starts_with(one));
    Duration::from_secs(if uploads { 24 * 60 * 60 } else { app.config.request_seconds })
}

/// A problem whose request is gone with the handler that panicked, or took too long.
#[derive(Debug)]
struct Alone {
    problem: Problem,
    path: String,
    id: String,
}

impl std::fmt::Display for Alone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.problem.fmt(f)
    }
}

impl ResponseError for Alone {
    fn error_response(&self) -> HttpResponse {
        let mut response = self.problem.response(&self.path, &self.id);
        if let Ok(id) = HeaderValue::from_str(&self.id) {
            response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
        }
        response
    }
}

fn app(request: &ServiceRequest) -> Result<App, Error> {
    let app = request.app_data::<web::Data<App>>();
    app.map(|app| app.get_ref().clone()).ok_or_else(|| Problem::internal(&"the app is not set up").into())
}

/// The caller's id if it is sane, else a new one.
fn request_id(request: &ServiceRequest, app: &App) -> String {
    let given = request.headers().get("X-Request-Id").and_then(|value| value.to_str().ok());
    let sane = |id: &&str| {
        (1..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(&b))
    };
    given.filter(sane).map_or_else(|| new_id(app.clock.now()).to_string(), str::to_owned)
}

/// Counts the request: by credential where there is a good one, by address otherwise. What watches over the service is free.
async fn count(app: &App, request: &ServiceRequest) -> Option<Standing> {
    if matches!(request.path(), "/healthz" | "/readyz" | "/metrics") {
        return None;
    }
    let standing = match credential(request).await {
        Some(credential) => app.limits.count(Policy::Credential, &credential).await,
        None => app.limits.count(Policy::Address, &address(app, request.request()).to_string()).await,
    };
    Some(standing)
}

/// The id of a good credential.
async fn credential(request: &ServiceRequest) -> Option<String> {
    let viewer = Viewer::extract(request.request()).await.ok()?;
    viewer.0?.actor_id().map(|id| id.to_string())
}

/// The caller's address: the last one in `X-Forwarded-For` that no trusted proxy added, if the peer is such a proxy.
pub fn address(app: &App, request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.ip());
    if !app.config.trusted_proxies.contains(&peer) {
        return peer;
    }
    let forwarded = request.headers().get_all("X-Forwarded-For").filter_map(|value| value.to_str().ok());
    let hops: Vec<IpAddr> =
        forwarded.flat_map(|text| text.split(',')).filter_map(|hop| hop.trim().parse().ok()).collect();
    hops.into_iter().rev().find(|hop| !app.config.trusted_proxies.contains(hop)).unwrap_or(peer)
}

/// The problem that a failed response stands for, ours or one of the framework's own.
fn problem_of(response: &ServiceResponse<BoxBody>) -> Option<Problem> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    if let Some(error) = response.response().error() {
        if let Some(problem) = error.as_error::<Problem>() {
            return Some(Problem {
                refusal: problem.refusal.clone(),
                retry_after: problem.retry_after,
                allow: problem.allow.clone(),
            });
        }
        return Some(of_status(status, &error.to_string()));
    }
    let is_problem = response.headers().get("Content-Type").is_some_and(|t| t.as_bytes().starts_with(b"application/"));
    (!is_problem).then(|| of_status(status, ""))
}

/// What the framework refused by itself.
fn of_status(status: StatusCode, cause: &str) -> Problem {
    match status {
        StatusCode::NOT_FOUND => nothing_here(),
        StatusCode::METHOD_NOT_ALLOWED => Problem::new(Kind::MethodNotAllowed, "The path does not have this method."),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Kind::PayloadTooLarge, "The body is too large."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(Kind::UnsupportedMediaType, "This media type is not taken."),
        StatusCode::NOT_ACCEPTABLE => Problem::new(Kind::NotAcceptable, "There is no such representation."),
        _ if status.is_client_error() => Problem::new(Kind::MalformedRequest, "The request cannot be read."),
        _ => Problem::internal(&cause),
    }
}

fn finish(response: &mut ServiceResponse<BoxBody>, id: &str, standing: Option<Standing>) {
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("x-request-id", id);
    set("x-content-type-options", "nosniff");
    if let Some(standing) = standing {
        set("ratelimit-policy", &format!("\"default\";q={};w=60", standing.quota));
        set("ratelimit", &format!("\"default\";r={};t={}", standing.remaining, standing.reset));
    }
}

/// What is said of the operation that answered, if it is deprecated.
fn of_route(
    response: &ServiceResponse<BoxBody>,
    method: &actix_web::http::Method,
) -> Option<&'static life::Deprecated> {
    life::of(method.as_str(), &response.request().match_pattern()?)
}

/// A log line and the metrics. Reads that went well are logged at `debug`: at full speed they would drown the rest.
fn record(response: &ServiceResponse<BoxBody>, method: &actix_web::http::Method, started: Instant) {
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let labels = [("method", method.to_string()), ("route", route), ("status", status.to_string())];
    metrics::counter!("torg_http_requests_total", &labels).increment(1);
    metrics::histogram!("torg_http_request_seconds", &labels[..2]).record(elapsed);
    let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    if method.is_safe() && status < 400 {
        tracing::debug!(status, micros, "answered");
    } else {
        tracing::info!(status, micros, "answered");
    }
}
