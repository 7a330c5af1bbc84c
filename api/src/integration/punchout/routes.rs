//! cXML and visits over HTTP.

use actix_web::dev::Payload;
use actix_web::http::header::LOCATION;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, get, post, web};
use domain::kernel::Kind;
use futures::future::LocalBoxFuture;
use infra::Failure;
use infra::db::Connection;
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{Checkout, CxmlDocument, CxmlQuery, ItemData, PunchoutItems, Visit};
use super::{credentials, page, post, visit};
use crate::app::App;
use crate::command::{Command, command, keepable, keyed, on_behalf};
use crate::http::answer;
use crate::http::body::{self, Body};
use crate::http::call::Call;
use crate::http::form_body;
use crate::http::problem::{Problem, Reply};
use crate::http::xml_body::XmlBody;
use crate::integration::cxml;
use crate::integration::cxml::head::Head;
use crate::integration::xml::Limits;
use crate::party::session::routes::{throttle_account, throttle_address};

/// Send a cXML document. The answer is a cXML response, always with the status 200 of HTTP; how it went stands in its `Status`: 200, 400 (something
/// in it is wrong, each fault is named with its element), 401 (the credentials are not good), 403, 406 (it cannot be read), 409 (it contradicts
/// what was sent before), 450 (not understood, or a change of an order), 500, 560 (try again later). The same `payloadID` gets the same answer.
#[utoipa::path(tag = "integration", params(CxmlQuery), request_body(content = CxmlDocument, content_type = "application/xml"),
    responses((status = 200, description = "The response", content_type = "text/xml", body = String)))]
#[post("/v1/cxml")]
pub async fn send_cxml(
    app: web::Data<App>,
    request: HttpRequest,
    call: Call,
    query: Result<web::Query<CxmlQuery>, actix_web::Error>,
    body: Result<XmlBody, Problem>,
) -> Reply {
    let text = match answered(&app, &request, &call, query, body).await {
        Ok(text) => text,
        Err(problem) => post::refused(&app, &problem, app.clock.now())?,
    };
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .content_type("text/xml; charset=utf-8")
        .body(text))
}

async fn answered(
    app: &App,
    request: &HttpRequest,
    call: &Call,
    query: Result<web::Query<CxmlQuery>, actix_web::Error>,
    body: Result<XmlBody, Problem>,
) -> Result<String, Problem> {
    let body = body?.0;
    let bytes = body.clone();
    let read = tokio::task::spawn_blocking(move || cxml::read(&bytes, &Limits::default())).await;
    let envelope = read.map_err(|error| Problem::internal(&error))??;
    let found = credentials::sender(&mut *app.pool.get().await?, &envelope.head, app.clock.now()).await;
    if let Err(Failure::Refused(refusal)) = &found
        && refusal.kind == Kind::InvalidCredentials
    {
        count_guess(app, request, &envelope.head).await?;
    }
    let sender = found?;
    let query =
        query.map_err(|_| Problem::new(Kind::InvalidQuery, "The address takes the parameter `portal` alone."))?;
    post::answer(app, call, &sender, &envelope, (query.portal.as_deref(), &body)).await
}

/// Wrong credentials alone are counted as log-ins are, since a busy buyer sends more documents than anybody logs in; for all names that they
/// were tried for.
async fn count_guess(app: &App, request: &HttpRequest, head: &Head) -> Result<(), Problem> {
    throttle_address(app, request).await?;
    for name in credentials::names(head) {
        throttle_account(app, request, &name.identity).await?;
    }
    Ok(())
}

/// A visit from a procurement system, by its token: the basket at your prices, as JSON, or as a page where `text/html` is accepted.
#[utoipa::path(tag = "integration", params(("token" = String, Path)), responses(
    (status = 200, description = "The visit", content((Visit = "application/json"), (String = "text/html")))))]
#[get("/v1/punchout/{token}")]
pub async fn find_visit(app: web::Data<App>, call: Call, token: web::Path<String>) -> Reply {
    let by = visit::visitor(&mut *app.pool.get().await?, &token, app.clock.now()).await?;
    let languages = call.languages();
    let work = async |tx: &mut _, command: &_| visit::show(tx, command, &token, &languages).await;
    let shown = on_behalf(&app, &by, Some(&call.request_id()), work).await?;
    if page::is_wanted(&call) {
        return Ok(page::basket(&token, &shown));
    }
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(shown))
}

/// Put goods into the basket of a visit, change how much of them, or take them out with a quantity of nothing. Form-encoded, with `sku` and
/// `quantity`, it leads back to the page.
#[utoipa::path(tag = "integration", params(("token" = String, Path)),
    request_body(content((PunchoutItems = "application/json"), (ItemData = "application/x-www-form-urlencoded"))), responses(
    (status = 200, description = "The visit", body = Visit),
    (status = 303, description = "To the page of the visit", headers(("Location" = String)))))]
#[post("/v1/punchout/{token}/items")]
pub async fn put_items(app: web::Data<App>, call: Call, token: web::Path<String>, items: Items) -> Reply {
    let by = visit::visitor(&mut *app.pool.get().await?, &token, app.clock.now()).await?;
    let languages = call.languages();
    let work = async |tx: &mut _, command: &_| visit::put(tx, command, &token, &items.all, &languages).await;
    let response = command(&app, &call, &by, work).await?;
    if items.by_form {
        let back = format!("/v1/punchout/{token}");
        return Ok(HttpResponse::SeeOther()
            .insert_header((LOCATION, back))
            .insert_header(("Cache-Control", "no-store"))
            .finish());
    }
    Ok(response)
}

/// End a visit: the basket as a `PunchOutOrderMessage` for your system; in a browser, a page that takes it there. The visit is over then.
#[utoipa::path(tag = "integration", params(("token" = String, Path)), responses(
    (status = 200, description = "The message", content((Checkout = "application/json"), (String = "text/html")))))]
#[post("/v1/punchout/{token}/checkout")]
pub async fn check_out_visit(app: web::Data<App>, call: Call, token: web::Path<String>) -> Reply {
    let by = visit::visitor(&mut *app.pool.get().await?, &token, app.clock.now()).await?;
    let (key, languages) = (call.idempotency_key(by.scope())?, call.languages());
    let work = async |tx: &mut Connection, command: &Command| {
        keepable(visit::check_out(tx, &app, command, &token, &languages).await?, &by)
    };
    let (kept, is_known) = keyed(&app, key.as_ref(), &by, &call.request_id(), work).await?;
    if page::is_wanted(&call) {
        let checkout: Checkout = serde_json::from_slice(&kept.body).map_err(|error| Problem::internal(&error))?;
        return Ok(page::way_back(&checkout));
    }
    Ok(answer::changed(&kept, is_known))
}

/// What goes into a basket: as JSON, or as a browser sends it.
pub struct Items {
    all: Vec<ItemData>,
    by_form: bool,
}

impl FromRequest for Items {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if request.content_type().eq_ignore_ascii_case(form_body::MEDIA_TYPE) {
            let (request, payload) = (request.clone(), payload.take());
            return Box::pin(async move {
                let item = form_body::fields(&request, payload).await?;
                let items: PunchoutItems = body::typed(&body::app(&request)?, json!({"items": [item]}))?;
                Ok(Self { all: items.items, by_form: true })
            });
        }
        let body = Body::<PunchoutItems>::from_request(request, payload);
        Box::pin(async move { Ok(Self { all: body.await?.0.items, by_form: false }) })
    }
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(send_cxml).service(find_visit).service(put_items).service(check_out_visit);
}
