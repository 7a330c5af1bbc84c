//! Events over HTTP.

use actix_web::{HttpResponse, get, web};
use domain::kernel::Kind;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AuditDto, AuditQuery, EventDto, EventTypesDto, FeedDto, FeedQuery, StreamQuery};
use super::stream::{self, Reader};
use super::{position, published, usecase};
use crate::app::App;
use crate::http::answer::{self, Items};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Principal;
use crate::http::problem::{Problem, Reply};
use crate::http::sse;

/// What happened in your organisation, oldest first and without gaps: ask again with `next_after`, and you miss nothing.
#[utoipa::path(tag = "event", params(FeedQuery), security(("person" = []), ("client" = ["events:read"])),
    responses((status = 200, description = "A part of the feed", body = FeedDto)))]
#[get("/v1/events")]
pub async fn read_feed(app: web::Data<App>, call: Call, by: Principal, query: web::Query<FeedQuery>) -> Reply {
    let own = usecase::may_read(&mut *app.pool.get().await?, &by, app.clock.now()).await?;
    let start = position::start(&app.secret, own, query.after.as_deref())?;
    let wanted = usecase::wanted(query.kind.as_deref(), query.portal_id, query.subject_id)?;
    let limit = cursor::page(&app.secret, "", query.limit, None)?.limit;
    let (rows, next) = usecase::feed(&mut *app.pool.get().await?, own, start, &wanted, limit).await?;
    let items = rows.into_iter().map(EventDto::from).collect();
    let feed = FeedDto { items, next_after: position::seal(&app.secret, own, next) };
    answer::read(&call, by.organisation_id(), &feed, None)
}

/// The feed as Server-Sent Events. Connect again with the last `id` in `Last-Event-ID` and you miss nothing. The stream ends with
/// the access token.
#[utoipa::path(tag = "event", params(StreamQuery, ("Last-Event-ID" = Option<String>, Header)),
    security(("person" = []), ("client" = ["events:read"])),
    responses((status = 200, description = "Events as they happen, each with `id`, `event` and `data` (an Event)",
        content_type = "text/event-stream", body = String)))]
#[get("/v1/events/stream")]
pub async fn stream_feed(app: web::Data<App>, call: Call, by: Principal, query: web::Query<StreamQuery>) -> Reply {
    let organisation = usecase::may_read(&mut *app.pool.get().await?, &by, app.clock.now()).await?;
    let after = call.last_event_id().or(query.after.as_deref());
    let start = position::start(&app.secret, organisation, after)?;
    let wanted = usecase::wanted(query.kind.as_deref(), query.portal_id, query.subject_id)?;
    let missing = || Problem::new(Kind::Unauthenticated, "Send an access token: Authorization: Bearer …");
    let token = call.token().ok_or_else(missing)?.to_owned();
    let reader = Reader { app: app.get_ref().clone(), token, organisation, start, wanted };
    Ok(sse::answer(stream::of(reader)))
}

/// All types of events: what each means, what it is about, and the JSON Schema of its `data`. The same is in this document as
/// webhooks and as the schemas whose names end in `Event`.
#[utoipa::path(tag = "event", responses((status = 200, description = "The catalogue", body = EventTypesDto)))]
#[get("/v1/event-types")]
pub async fn list_event_types() -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", "public, max-age=300")).json(published::types())
}

/// All that happened on the platform, newest first (operator).
#[utoipa::path(tag = "event", params(AuditQuery), security(("person" = [])),
    responses((status = 200, description = "A page of the audit log", body = Items<AuditDto>)))]
#[get("/v1/audit")]
pub async fn read_audit(app: web::Data<App>, call: Call, by: Principal, query: web::Query<AuditQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::audit(&mut *app.pool.get().await?, &by, &query, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_event_types).service(read_feed).service(stream_feed).service(read_audit);
}
