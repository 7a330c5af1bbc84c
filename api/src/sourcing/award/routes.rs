//! Awards over HTTP.

use actix_web::{get, post, web};
use domain::kernel::{RfqAwardId, RfqId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AwardData, AwardDto, AwardQuery, AwardReason, DecisionDto, ProposalDto};
use super::{approval, decide, end, read};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::ordering::dto::Reason;

/// Award a request of yours once all its quotes are open: a quote as a whole, or lines and parts of them to several.
/// Where your approval policy asks for consent, nobody is told before it is given. Contracts are made at once, or when
/// the standstill ends.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = AwardData,
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 201, description = "It is announced, or waits for consent", body = DecisionDto, headers(("Location" = String)))))]
#[post("/v1/rfqs/{id}/award")]
pub async fn award_rfq(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    body: Body<AwardData>,
) -> Reply {
    let work = async |tx: &mut _, command: &_| decide::award(tx, command, &app.secret, *id, &body.0).await;
    command(&app, &call, &by, work).await
}

/// The awards of a request: for its buyer and the operator all of them with the consent they need, for a quoter those
/// to it that were announced.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of awards", body = Items<AwardDto>)))]
#[get("/v1/rfqs/{id}/awards")]
pub async fn list_rfq_awards(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = read::list(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// To whom you could award what a winner declined or you took back: the next best quotes, ready to be sent in as an
/// award.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "The lines that are awarded to nobody any more", body = ProposalDto)))]
#[get("/v1/rfqs/{id}/award-proposal")]
pub async fn find_rfq_award_proposal(app: web::Data<App>, call: Call, by: Principal, id: web::Path<RfqId>) -> Reply {
    let found = read::proposal(&mut *app.pool.get().await?, &app, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, None)
}

/// The awards of your company, newest first: of its requests, or to it. `state=awaiting_approval` gives what waits for consent.
#[utoipa::path(tag = "sourcing", params(AwardQuery), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A page of awards", body = Items<AwardDto>)))]
#[get("/v1/rfq-awards")]
pub async fn list_own_rfq_awards(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<AwardQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = read::of_company(&mut *app.pool.get().await?, &by, &query, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One award: of a request of yours, or to your company once it was announced.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "The award", body = AwardDto, headers(("ETag" = String)))))]
#[get("/v1/rfq-awards/{id}")]
pub async fn find_rfq_award(app: web::Data<App>, call: Call, by: Principal, id: web::Path<RfqAwardId>) -> Reply {
    let (found, version) = read::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Consent to an award of your company that waits for you, and to all that were decided together with it. The last
/// consent announces them. Who asked for quotes or decided does not consent.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = Reason, security(("person" = [])),
    responses((status = 200, description = "It is announced, or waits for others", body = AwardDto, headers(("ETag" = String)))))]
#[post("/v1/rfq-awards/{id}/approve")]
pub async fn approve_rfq_award(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqAwardId>,
    body: Body<Reason>,
) -> Reply {
    let reason = body.0.reason.as_deref();
    let work = async |tx: &mut _, command: &_| approval::approve(tx, command, &app.secret, *id, reason).await;
    command(&app, &call, &by, work).await
}

/// Reject an award of your company that waits for you, and all that were decided together with it. The buyer decides
/// anew.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = AwardReason, security(("person" = [])),
    responses((status = 200, description = "It is refused", body = AwardDto, headers(("ETag" = String)))))]
#[post("/v1/rfq-awards/{id}/reject")]
pub async fn reject_rfq_award(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqAwardId>,
    body: Body<AwardReason>,
) -> Reply {
    let work = async |tx: &mut _, command: &_| approval::reject(tx, command, &app.secret, *id, &body.0.reason).await;
    command(&app, &call, &by, work).await
}

/// Do not take what was awarded to you, before there is a contract. The buyer may award it to the next best.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = AwardReason,
    security(("person" = []), ("client" = ["sourcing:quote"])),
    responses((status = 200, description = "It is declined", body = AwardDto, headers(("ETag" = String)))))]
#[post("/v1/rfq-awards/{id}/decline")]
pub async fn decline_rfq_award(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqAwardId>,
    body: Body<AwardReason>,
) -> Reply {
    let work = async |tx: &mut _, command: &_| end::decline(tx, command, &app.secret, *id, &body.0.reason).await;
    command(&app, &call, &by, work).await
}

/// Take an award of yours back before there is a contract, as after an objection. You decide anew about what it gave.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = AwardReason,
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "It is taken back", body = AwardDto, headers(("ETag" = String)))))]
#[post("/v1/rfq-awards/{id}/rescind")]
pub async fn rescind_rfq_award(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<RfqAwardId>,
    body: Body<AwardReason>,
) -> Reply {
    let work = async |tx: &mut _, command: &_| end::rescind(tx, command, &app.secret, *id, &body.0.reason).await;
    command(&app, &call, &by, work).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(award_rfq).service(list_rfq_awards).service(find_rfq_award_proposal);
    config.service(list_own_rfq_awards).service(find_rfq_award);
    config.service(approve_rfq_award).service(reject_rfq_award).service(decline_rfq_award).service(rescind_rfq_award);
}
