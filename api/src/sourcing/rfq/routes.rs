//! Requests over HTTP.

use actix_multipart::Multipart;
use actix_web::{delete, get, patch, post, web};
use domain::kernel::RfqId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{NewRfqQuery, RfqCancellation, RfqData, RfqQuery};
use super::mini_tender::MiniTender;
use super::show::{RfqDto, RfqSummary, RfqVersionDto};
use super::{amend, close, mini_tender, publish, read, usecase};
use crate::app::App;
use crate::command::command;
use crate::document::upload;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::sourcing::rights;

/// The requests of a portal that you may know of: your own, and once they are published those that you may quote to.
#[utoipa::path(tag = "sourcing", params(("portal" = String, Path, description = "Id or slug"), RfqQuery),
    security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of requests", body = Items<RfqSummary>)))]
#[get("/v1/portals/{portal}/rfqs")]
pub async fn list_rfqs(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    query: web::Query<RfqQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = read::list(&mut *app.pool.get().await?, &by, &portal, &query, &page, &call.languages()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Ask for quotes on a portal where you buy. It is a draft that you alone see, unless you publish it with this call.
#[utoipa::path(tag = "sourcing", request_body = RfqData,
    params(("portal" = String, Path, description = "Id or slug"), NewRfqQuery),
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 201, description = "It is a draft, or published", body = RfqDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/portals/{portal}/rfqs")]
pub async fn create_rfq(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    query: web::Query<NewRfqQuery>,
    body: Body<RfqData>,
) -> Reply {
    let work = async |tx: &mut _, command: &_| usecase::create(tx, command, &portal, &body.0, query.publish).await;
    command(&app, &call, &by, work).await
}

/// Ask for quotes in one call: a few lines and an attached specification. The request is published at once.
#[utoipa::path(tag = "sourcing", request_body(content = MiniTender, content_type = "multipart/form-data"),
    params(("portal" = String, Path, description = "Id or slug")), security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 201, description = "It is published", body = RfqDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/portals/{portal}/mini-tenders")]
pub async fn publish_mini_tender(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    form: Multipart,
) -> Reply {
    by.require(rights::BUY)?;
    call.idempotency_key(by.scope())?;
    let (data, file) = upload::with_part::<RfqData>(&app, &call, form, "request").await?;
    let work = async |tx: &mut _, command: &_| mini_tender::publish(tx, command, &portal, &data, &file).await;
    command(&app, &call, &by, work).await
}

/// One request: what is asked for, how it is decided, how it goes, and what you are in it.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "The request", body = RfqDto, headers(("ETag" = String)))))]
#[get("/v1/rfqs/{id}")]
pub async fn find_rfq(app: web::Data<App>, call: Call, by: Principal, id: web::Path<RfqId>) -> Reply {
    let (found, version) = read::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a draft of yours, or publish a new version of a request until its deadline. How it is run stays once it is published.
#[utoipa::path(tag = "sourcing", request_body = RfqData, params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "As it is now", body = RfqDto, headers(("ETag" = String)))))]
#[patch("/v1/rfqs/{id}")]
pub async fn edit_rfq(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    body: Patch<RfqData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| amend::edit(tx, command, *id, expected, &body).await).await
}

/// Throw a draft of yours away.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["sourcing:write"])), responses((status = 204, description = "It is gone")))]
#[delete("/v1/rfqs/{id}")]
pub async fn delete_rfq(app: web::Data<App>, call: Call, by: Principal, id: web::Path<RfqId>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::delete(tx, command, *id, expected).await).await
}

/// Publish a draft of yours: the invited and those who subscribed are told, others on the portal find it.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "It is published", body = RfqDto, headers(("ETag" = String)))))]
#[post("/v1/rfqs/{id}/publish")]
pub async fn publish_rfq(app: web::Data<App>, call: Call, by: Principal, id: web::Path<RfqId>) -> Reply {
    command(&app, &call, &by, async |tx, command| publish::publish(tx, command, *id).await).await
}

/// Close a request of yours once its deadline has passed, which happens by itself as well; before it only where you asked none but the
/// invited, and all of them have quoted or said that they do not.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "No quotes come in any more", body = RfqDto, headers(("ETag" = String)))))]
#[post("/v1/rfqs/{id}/close")]
pub async fn close_rfq(app: web::Data<App>, call: Call, by: Principal, id: web::Path<RfqId>) -> Reply {
    command(&app, &call, &by, async |tx, command| close::close(tx, command, &app.secret, *id).await).await
}

/// Give a request of yours up. Sealed quotes to it stay sealed.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = RfqCancellation,
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "It is cancelled", body = RfqDto, headers(("ETag" = String)))))]
#[post("/v1/rfqs/{id}/cancel")]
pub async fn cancel_rfq(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    body: Body<RfqCancellation>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::cancel(tx, command, *id, &body.0).await).await
}

/// The versions of a request, each as it was published.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of versions", body = Items<RfqVersionDto>)))]
#[get("/v1/rfqs/{id}/versions")]
pub async fn list_rfq_versions(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = read::versions(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(publish_mini_tender)
        .service(list_rfqs)
        .service(create_rfq)
        .service(find_rfq)
        .service(edit_rfq)
        .service(delete_rfq);
    config.service(publish_rfq).service(close_rfq).service(cancel_rfq).service(list_rfq_versions);
}
