//! Quotes over HTTP.

use actix_web::{get, patch, post, web};
use domain::kernel::{Kind, QuoteId, RfqId};
use domain::sourcing::QuoteState;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{NewQuoteQuery, QuoteData, QuoteQuery};
use super::show::{QuoteCommitment, QuoteDto, QuoteRevision};
use super::{read, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::Principal;
use crate::http::problem::{Problem, Reply};

/// The quotes to a request: for its buyer and the operator those that are open, for anybody else their own. Sealed quotes are not in it; see
/// the commitments.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of quotes", body = Items<QuoteDto>)))]
#[get("/v1/rfqs/{id}/quotes")]
pub async fn list_quotes(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = read::list(&mut *app.pool.get().await?, &app, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Quote to a request. It is a draft that you alone see, unless you hand it in with this call. A company has one quote to a request, which it
/// revises until the deadline.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), NewQuoteQuery), request_body = QuoteData,
    security(("person" = []), ("client" = ["sourcing:quote"])),
    responses((status = 201, description = "It is a draft, or handed in", body = QuoteDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/rfqs/{id}/quotes")]
pub async fn create_quote(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    query: web::Query<NewQuoteQuery>,
    body: Body<QuoteData>,
) -> Reply {
    let work = async |tx: &mut _, command: &_| usecase::create(tx, command, &app, *id, &body.0, query.submit).await;
    command(&app, &call, &by, work).await
}

/// What was handed in for a sealed request, by whom is not said: hashes by which a quoter proves afterwards that its quote was not changed.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of commitments", body = Items<QuoteCommitment>)))]
#[get("/v1/rfqs/{id}/commitments")]
pub async fn list_commitments(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = read::commitments(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// The quotes of your company, newest first.
#[utoipa::path(tag = "sourcing", params(QuoteQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of quotes", body = Items<QuoteDto>)))]
#[get("/v1/quotes")]
pub async fn list_own_quotes(app: web::Data<App>, call: Call, by: Principal, query: web::Query<QuoteQuery>) -> Reply {
    let state = query.state.as_deref().map(QuoteState::parse).transpose();
    let state = state.map_err(|invalid| Problem::new(Kind::InvalidQuery, invalid.detail))?;
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = read::of_company(&mut *app.pool.get().await?, &app, &by, state, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One quote, as far as you may see it: your own, or one that is open to you. Where quotes are ranked openly you learn your place.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "The quote", body = QuoteDto, headers(("ETag" = String)))))]
#[get("/v1/quotes/{id}")]
pub async fn find_quote(app: web::Data<App>, call: Call, by: Principal, id: web::Path<QuoteId>) -> Reply {
    let (found, version) = read::find(&mut *app.pool.get().await?, &app, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change a quote of yours: what is put together, or what was handed in, which becomes a new revision; until the deadline.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = QuoteData,
    security(("person" = []), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "As it is now", body = QuoteDto, headers(("ETag" = String)))))]
#[patch("/v1/quotes/{id}")]
pub async fn edit_quote(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<QuoteId>,
    body: Patch<QuoteData>,
) -> Reply {
    let expected = call.if_match()?;
    let work = async |tx: &mut _, command: &_| usecase::edit(tx, command, &app, *id, expected, &body).await;
    command(&app, &call, &by, work).await
}

/// Hand in a quote of yours that is a draft, or that you have withdrawn.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "It is handed in", body = QuoteDto, headers(("ETag" = String)))))]
#[post("/v1/quotes/{id}/submit")]
pub async fn submit_quote(app: web::Data<App>, call: Call, by: Principal, id: web::Path<QuoteId>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::submit(tx, command, &app, *id).await).await
}

/// Stand by a quote of yours for the version at which the request stands by now. It is checked anew.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "It answers the present version", body = QuoteDto, headers(("ETag" = String)))))]
#[post("/v1/quotes/{id}/confirm")]
pub async fn confirm_quote(app: web::Data<App>, call: Call, by: Principal, id: web::Path<QuoteId>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::confirm(tx, command, &app, *id).await).await
}

/// Take a quote of yours back, until the deadline. You can hand it in again.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "It does not compete any more", body = QuoteDto, headers(("ETag" = String)))))]
#[post("/v1/quotes/{id}/withdraw")]
pub async fn withdraw_quote(app: web::Data<App>, call: Call, by: Principal, id: web::Path<QuoteId>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::withdraw(tx, command, &app, *id).await).await
}

/// The revisions of a quote that you may see, with what proves that nothing was changed since they were handed in.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of revisions", body = Items<QuoteRevision>)))]
#[get("/v1/quotes/{id}/revisions")]
pub async fn list_quote_revisions(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<QuoteId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = read::revisions(&mut *app.pool.get().await?, &app, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_quotes).service(create_quote).service(list_commitments).service(list_own_quotes);
    config.service(find_quote).service(edit_quote).service(submit_quote).service(confirm_quote);
    config.service(withdraw_quote).service(list_quote_revisions);
}
