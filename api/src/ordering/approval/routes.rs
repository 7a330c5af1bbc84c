//! Approval over HTTP.

use actix_web::{delete, get, post, put, web};
use domain::kernel::{DelegationId, OrderId, OrganisationId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    ApprovalQuery, DelegationData, DelegationDto, OrderApprovals, PolicyQuery, RejectionData, WaitingApproval,
};
use super::policy_dto::{ApprovalPolicyData, ApprovalPolicyDto};
use super::{decide, delegation, policy, query as queries};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::ordering::dto::{OrderDto, Orders, Reason};

/// The approval policy of your organisation: the one in force, or a version of it.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), PolicyQuery),
    security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "The policy", body = ApprovalPolicyDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}/approval-policy")]
pub async fn find_approval_policy(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<PolicyQuery>,
) -> Reply {
    let (found, version) = policy::find(&mut *app.pool.get().await?, &by, *id, query.version).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Set a new version of the approval policy. Orders that were submitted go on under theirs. A policy with a step that too few people
/// could decide on is refused.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = ApprovalPolicyData, security(("person" = [])),
    responses((status = 200, description = "It is in force", body = ApprovalPolicyDto, headers(("ETag" = String)))))]
#[put("/v1/organisations/{id}/approval-policy")]
pub async fn set_approval_policy(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<ApprovalPolicyData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| policy::set(tx, command, *id, expected, &body.0).await).await
}

/// Who stands in for whom: from and to you, or all for owners and admins. Newest first.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), PageQuery), security(("person" = [])),
    responses((status = 200, description = "A page of delegations", body = Items<DelegationDto>)))]
#[get("/v1/organisations/{id}/delegations")]
pub async fn list_delegations(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = delegation::list(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Let somebody decide on orders in your place for a time. It is not handed on, and gives nobody a say about their own orders.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), request_body = DelegationData, security(("person" = [])),
    responses((status = 201, description = "They stand in", body = DelegationDto,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/organisations/{id}/delegations")]
pub async fn create_delegation(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<DelegationData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| delegation::create(tx, command, *id, &body.0).await).await
}

/// One delegation.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("delegation" = Uuid, Path)), security(("person" = [])),
    responses((status = 200, description = "The delegation", body = DelegationDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}/delegations/{delegation}")]
pub async fn find_delegation(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, DelegationId)>,
) -> Reply {
    let (found, version) = delegation::find(&mut *app.pool.get().await?, &by, *path).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Take a delegation back. What was decided under it stands.
#[utoipa::path(tag = "ordering",
    params(("id" = Uuid, Path), ("delegation" = Uuid, Path), ("If-Match" = String, Header)), security(("person" = [])),
    responses((status = 204, description = "It is over")))]
#[delete("/v1/organisations/{id}/delegations/{delegation}")]
pub async fn revoke_delegation(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, DelegationId)>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| delegation::revoke(tx, command, *path, expected).await).await
}

/// What waits for your decision, the oldest first.
#[utoipa::path(tag = "ordering", params(ApprovalQuery), security(("person" = [])),
    responses((status = 200, description = "A page of steps that wait", body = Items<WaitingApproval>)))]
#[get("/v1/approvals")]
pub async fn list_approvals(app: web::Data<App>, call: Call, by: Principal, query: web::Query<ApprovalQuery>) -> Reply {
    let context = format!("{}#{}", cursor::context(&call, by.organisation_id()), by.actor_id().unwrap_or_default());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let (mine, at) = (query.mine.unwrap_or(true), app.clock.now());
    let mut connection = app.pool.get().await?;
    let found = queries::waiting(&mut connection, &by, mine, &page, at, &call.languages()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// How an order of yours went through the approval policy: each step, and each decision with its reason.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "All runs of the order", body = OrderApprovals)))]
#[get("/v1/orders/{id}/approvals")]
pub async fn find_order_approvals(app: web::Data<App>, call: Call, by: Principal, id: web::Path<OrderId>) -> Reply {
    let at = app.clock.now();
    let found = queries::of_order(&mut *app.pool.get().await?, &by, *id, at).await?;
    answer::read(&call, by.organisation_id(), &found, None)
}

/// Consent to an order that waits for you. The last consent places it, at the prices it was approved at: only then is the stock
/// reserved. If a price has changed, nothing is done; the buyer changes the order, and its approval begins anew. If the seller would
/// confirm an order with changes that cost more than what was approved, the last consent accepts them. `If-Match` takes the ETag of the
/// order as you have read it: nobody consents to what was changed meanwhile.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = Reason,
    security(("person" = [])),
    responses((status = 200, description = "The order, or the orders that were placed or confirmed", body = Orders)))]
#[post("/v1/orders/{id}/approve")]
pub async fn approve_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrderId>,
    body: Body<Reason>,
) -> Reply {
    let (expected, languages) = (call.if_match()?, call.languages());
    let work =
        async |tx: &mut _, command: &_| decide::approve(tx, &app, command, *id, expected, &body.0, &languages).await;
    command(&app, &call, &by, work).await
}

/// Reject an order that waits for you. It is a draft again, which the buyer can change and submit anew. Changes that its seller would
/// confirm it with are refused.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = RejectionData,
    security(("person" = [])),
    responses((status = 200, description = "It is a draft again, or placed as before", body = OrderDto)))]
#[post("/v1/orders/{id}/reject")]
pub async fn reject_order(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrderId>,
    body: Body<RejectionData>,
) -> Reply {
    let (expected, languages) = (call.if_match()?, call.languages());
    let reason = &body.0.reason;
    let work =
        async |tx: &mut _, command: &_| decide::reject(tx, &app, command, *id, expected, reason, &languages).await;
    command(&app, &call, &by, work).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(find_approval_policy).service(set_approval_policy);
    config.service(list_delegations).service(create_delegation).service(find_delegation).service(revoke_delegation);
    config.service(list_approvals).service(find_order_approvals).service(approve_order).service(reject_order);
}
