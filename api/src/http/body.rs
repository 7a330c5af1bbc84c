//! Bodies of JSON: read within limits, judged by the published schema, then typed.

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use bytes::Bytes;
use domain::kernel::{Kind, Refusal};
use futures::StreamExt;
use futures::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::call::BodyBytes;
use super::json;
use super::problem::Problem;
use super::schemas::Schemas;
use crate::app::App;

/// The largest body of JSON.
pub const MAX_JSON: usize = 1024 * 1024;

/// The largest body of a call that is about thousands of things.
pub const MAX_BULK: usize = 8 * 1024 * 1024;

/// A body of type `T`. An empty body counts as an empty object, so that actions without details need none.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + ToSchema + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = read_bytes(&request, payload, "application/json", MAX_JSON).await?;
            whole(app(&request)?.schemas, &bytes).map(Body)
        })
    }
}

/// A body that is about thousands of things. It may be larger than others, and is judged off the threads that answer.
pub struct Bulk<T>(pub T);

impl<T: DeserializeOwned + ToSchema + Send + 'static> FromRequest for Bulk<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = read_bytes(&request, payload, "application/json", MAX_BULK).await?;
            let schemas = app(&request)?.schemas;
            let judged = tokio::task::spawn_blocking(move || whole(schemas, &bytes)).await;
            judged.map_err(|error| Problem::internal(&error))?.map(Bulk)
        })
    }
}

/// A body that comes by the thousand: typed in one pass. Its published schema is asked only where something is amiss, and names all faults
/// then.
pub struct Quick<T> {
    pub data: T,
    bytes: Bytes,
}

/// Bodies of which the rules that follow refuse by themselves whatever the schema refuses.
pub trait Plain {
    /// Whether that holds for this one: false where something is in it whose form only the schema judges.
    fn is_plain(&self) -> bool;
}

impl<T: DeserializeOwned + ToSchema + Plain + 'static> FromRequest for Quick<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = read_bytes(&request, payload, "application/json", MAX_JSON).await?;
            let data = match serde_json::from_slice::<T>(&bytes) {
                Ok(data) if data.is_plain() => data,
                _ => whole(app(&request)?.schemas, &bytes)?,
            };
            Ok(Self { data, bytes })
        })
    }
}

impl<T: DeserializeOwned + ToSchema> Quick<T> {
    /// Asks the schema, where the rules refuse the body or a part of it: its faults come first.
    pub fn judged(&self, app: &App) -> Result<(), Problem> {
        whole::<T>(app.schemas, &self.bytes).map(drop)
    }
}

/// A body as its type, judged by everything.
fn whole<T: DeserializeOwned + ToSchema>(schemas: &Schemas, bytes: &[u8]) -> Result<T, Problem> {
    let mut value = value(bytes)?;
    json::strip_nulls(&mut value);
    typed_by(schemas, value)
}

/// A JSON Merge Patch (RFC 7396) for a resource whose editable part is `T`.
pub struct Patch<T> {
    changes: Value,
    app: App,
    kind: std::marker::PhantomData<T>,
}

impl<T: DeserializeOwned + Serialize + ToSchema + 'static> FromRequest for Patch<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let changes = read_value(&request, payload, "application/merge-patch+json").await?;
            if !changes.is_object() {
                return Err(Refusal::fault("", "wrong_type", "Expected: object.").into());
            }
            Ok(Self { changes, app: app(&request)?, kind: std::marker::PhantomData })
        })
    }
}

impl<T: DeserializeOwned + Serialize + ToSchema> Patch<T> {
    /// A patch that comes from within.
    pub fn new(app: &App, changes: Value) -> Self {
        Self { changes, app: app.clone(), kind: std::marker::PhantomData }
    }

    /// Whether the patch says something of this member.
    pub fn names(&self, member: &str) -> bool {
        self.changes.get(member).is_some()
    }

    /// The resource after the change, judged as if it had been sent whole.
    pub fn apply(&self, current: &T) -> Result<T, infra::Failure> {
        let mut value = serde_json::to_value(current).map_err(infra::Failure::broken)?;
        json::merge_patch(&mut value, self.changes.clone());
        json::strip_nulls(&mut value);
        typed(&self.app, value).map_err(|problem| infra::Failure::Refused(problem.refusal))
    }
}

/// The app that answers a request.
pub fn app(request: &HttpRequest) -> Result<App, Problem> {
    let app = request.app_data::<web::Data<App>>().map(|app| app.get_ref().clone());
    app.ok_or_else(|| Problem::internal(&"the app is not set up"))
}

/// A value as its type, with all its faults under the published schema.
pub fn typed<T: DeserializeOwned + ToSchema>(app: &App, value: Value) -> Result<T, Problem> {
    typed_by(app.schemas, value)
}

fn typed_by<T: DeserializeOwned + ToSchema>(schemas: &Schemas, value: Value) -> Result<T, Problem> {
    let faults = schemas.faults(&T::name(), &value);
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults).into());
    }
    serde_json::from_value(value).map_err(|error| Refusal::fault("", "invalid", error.to_string()).into())
}

async fn read_value(request: &HttpRequest, payload: Payload, wanted: &str) -> Result<Value, Problem> {
    value(&read_bytes(request, payload, wanted, MAX_JSON).await?)
}

/// The body as it came, of the media type that is wanted, unless it is empty.
async fn read_bytes(request: &HttpRequest, payload: Payload, wanted: &str, most: usize) -> Result<Bytes, Problem> {
    let bytes = read(request, payload, most).await?.freeze();
    request.extensions_mut().insert(BodyBytes(bytes.clone()));
    if bytes.is_empty() {
        return Ok(bytes);
    }
    let given = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if given != wanted && !(wanted != "application/json" && given == "application/json") {
        return Err(Problem::new(Kind::UnsupportedMediaType, format!("Send {wanted}.")));
    }
    Ok(bytes)
}

fn value(bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    json::parse(bytes)
        .map_err(|error| Problem::new(Kind::MalformedRequest, format!("The body is not valid JSON: {error}.")))
}

/// A body of at most so many bytes.
pub(super) async fn read(request: &HttpRequest, mut payload: Payload, most: usize) -> Result<web::BytesMut, Problem> {
    let too_large = || Problem::new(Kind::PayloadTooLarge, format!("The body may have {most} bytes."));
    let announced = request.headers().get("Content-Length").and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > most) {
        return Err(too_large());
    }
    if request.headers().contains_key("Content-Encoding") {
        return Err(Problem::new(Kind::UnsupportedMediaType, "Bodies are taken without Content-Encoding."));
    }
    let mut bytes = web::BytesMut::with_capacity(announced.unwrap_or(512));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Kind::MalformedRequest, "The body ended too early."))?;
        if bytes.len() + chunk.len() > most {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}
