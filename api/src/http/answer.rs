//! Answers: typed bodies with their status, `Location`, `ETag` and `Link`.

use actix_web::HttpResponse;
pub use actix_web::http::StatusCode as Status;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG, LINK, LOCATION, VARY};
use domain::kernel::{Kind, Refusal};
use infra::db::page::List;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::call::Call;
use super::cursor;
use super::problem::{Problem, Reply};
use crate::app::App;

/// What a use case answers.
#[derive(Debug)]
pub struct Answer<T> {
    pub status: StatusCode,
    pub location: Option<String>,
    /// The version of the resource, for its `ETag`.
    pub version: Option<i64>,
    pub body: Option<T>,
}

impl<T> Answer<T> {
    pub fn ok(body: T) -> Self {
        Self { status: StatusCode::OK, location: None, version: None, body: Some(body) }
    }

    pub fn created(location: String, body: T) -> Self {
        Self { status: StatusCode::CREATED, location: Some(location), version: None, body: Some(body) }
    }

    /// Long work that was taken on; `location` shows how it goes.
    pub fn accepted(location: String, body: T) -> Self {
        Self { status: StatusCode::ACCEPTED, location: Some(location), version: None, body: Some(body) }
    }

    pub fn version(self, version: i64) -> Self {
        Self { version: Some(version), ..self }
    }
}

impl Answer<()> {
    pub fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, location: None, version: None, body: None }
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Items<T> {
    pub items: Vec<T>,
    /// Give this as `cursor` to get the next page; null at the end.
    pub next_cursor: Option<String>,
}

/// Refuses a change of a version that is not the current one.
pub fn check_version(current: i64, expected: i64) -> Result<(), Refusal> {
    if current == expected {
        return Ok(());
    }
    Err(Refusal::new(Kind::PreconditionFailed, "The ETag in If-Match is not the current one."))
}

/// The strong tag of a representation: the version, which `If-Match` asks for, and a hash of what one caller sees; two
/// organisations never share one.
pub fn etag(version: i64, caller: Option<Uuid>, body: &[u8]) -> String {
    let hash = Sha256::new().chain_update(caller.unwrap_or_default()).chain_update(body).finalize();
    format!("\"{version}.{}\"", &hex::encode(hash)[..12])
}

/// Answers a read. With a version there is an `ETag`, and 304 where the caller has it already.
pub fn read<T: Serialize>(call: &Call, caller: Option<Uuid>, body: &T, version: Option<i64>) -> Reply {
    let bytes = serde_json::to_vec(body).map_err(|error| Problem::internal(&error))?;
    let tag = version.map(|version| etag(version, caller, &bytes));
    Ok(conditional(call, tag, bytes, caller.is_some()))
}

/// Answers with bytes of JSON that were made before, under a tag.
pub fn conditional(call: &Call, tag: Option<String>, bytes: impl Into<bytes::Bytes>, private: bool) -> HttpResponse {
    let cache = if private { "private, no-cache" } else { "no-cache" };
    let fresh = tag
        .as_deref()
        .is_some_and(|tag| call.if_none_match().is_some_and(|known| known.split(',').any(|one| one.trim() == tag)));
    let mut response = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((CACHE_CONTROL, cache)).insert_header((VARY, "Authorization, Accept-Language"));
    if let Some(tag) = tag {
        response.insert_header((ETAG, tag));
    }
    if fresh { response.finish() } else { response.content_type("application/json").body(bytes.into()) }
}

/// Answers with a page of a list; `Link` names the next one.
pub fn list<T: Serialize>(app: &App, call: &Call, caller: Option<Uuid>, list: List<T>) -> Reply {
    let context = cursor::context(call, caller);
    let next_cursor = list.next.map(|after| cursor::seal(&app.secret, &context, &after));
    let link = next_cursor.as_ref().map(|cursor| next_link(call, cursor));
    let bytes =
        serde_json::to_vec(&Items { items: list.items, next_cursor }).map_err(|error| Problem::internal(&error))?;
    let mut response = conditional(call, None, bytes, caller.is_some());
    if let Some(link) = link.and_then(|link| link.parse().ok()) {
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}

/// The `Link` to the next page.
pub fn next_link(call: &Call, cursor: &str) -> String {
    let kept = call.query().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
    let query: Vec<String> = kept.map(str::to_owned).chain([format!("cursor={cursor}")]).collect();
    format!("<{}?{}>; rel=\"next\"", call.path(), query.join("&"))
}

/// The response of a change, made from what is kept with its idempotency key.
pub fn changed(kept: &infra::idempotency::Answer, replayed: bool) -> HttpResponse {
    changed_as(kept, replayed, "application/json")
}

/// [`changed`] with a body of another media type.
pub fn changed_as(kept: &infra::idempotency::Answer, replayed: bool, media_type: &str) -> HttpResponse {
    let status = u16::try_from(kept.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::OK));
    response.insert_header((CACHE_CONTROL, "no-store"));
    if let Some(location) = &kept.location {
        response.insert_header((LOCATION, location.as_str()));
    }
    if let Some(etag) = &kept.etag {
        response.insert_header((ETAG, etag.as_str()));
    }
    if replayed {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    if kept.body.is_empty() { response.finish() } else { response.content_type(media_type).body(kept.body.clone()) }
}

/// Answers with a document as a file. It is the caller's own and is asked for anew each time.
pub fn file(name: &str, media_type: &str, bytes: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .body(bytes)
}
