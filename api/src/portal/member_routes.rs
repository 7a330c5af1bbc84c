//! Memberships over HTTP.

use actix_web::{get, patch, post, web};
use domain::kernel::OrganisationId;
use domain::portal::MemberStep;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{Application, Approval, MemberCapabilities, MemberInvitation, MemberQuery, PortalMemberDto};
use super::member;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// The members of a portal: active ones for its members, all of them for those who manage it.
#[utoipa::path(tag = "portal", params(("portal" = String, Path, description = "Id or slug"), MemberQuery),
    security(("person" = []), ("client" = ["portal:read"])),
    responses((status = 200, description = "A page of members", body = Items<PortalMemberDto>)))]
#[get("/v1/portals/{portal}/members")]
pub async fn list_portal_members(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    query: web::Query<MemberQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = member::list(&mut *app.pool.get().await?, &by, &portal, &query, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Apply for membership of your organisation.
#[utoipa::path(tag = "portal", params(("portal" = String, Path, description = "Id or slug")), request_body = Application,
    security(("person" = []), ("client" = ["portal:write"])),
    responses((status = 201, description = "The portal will answer", body = PortalMemberDto, headers(("Location" = String)))))]
#[post("/v1/portals/{portal}/members")]
pub async fn apply_to_portal(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Body<Application>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| member::apply(tx, command, &portal, &body.0).await).await
}

/// Invite an organisation to a portal that you manage.
#[utoipa::path(tag = "portal", params(("portal" = String, Path, description = "Id or slug")), request_body = MemberInvitation,
    security(("person" = []), ("client" = ["portal:write"])),
    responses((status = 201, description = "It is invited", body = PortalMemberDto, headers(("Location" = String)))))]
#[post("/v1/portals/{portal}/invitations")]
pub async fn invite_to_portal(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Body<MemberInvitation>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| member::invite(tx, command, &portal, &body.0).await).await
}

/// One membership.
#[utoipa::path(tag = "portal",
    params(("portal" = String, Path, description = "Id or slug"), ("organisation" = Uuid, Path)),
    security(("person" = []), ("client" = ["portal:read"])),
    responses((status = 200, description = "The membership", body = PortalMemberDto, headers(("ETag" = String)))))]
#[get("/v1/portals/{portal}/members/{organisation}")]
pub async fn find_portal_member(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OrganisationId)>,
) -> Reply {
    let (found, version) = member::find(&mut *app.pool.get().await?, &by, &path.0, path.1).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change what a member of your portal may do.
#[utoipa::path(tag = "portal", request_body = MemberCapabilities,
    params(("portal" = String, Path, description = "Id or slug"), ("organisation" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["portal:write"])),
    responses((status = 200, description = "As it is now", body = PortalMemberDto, headers(("ETag" = String)))))]
#[patch("/v1/portals/{portal}/members/{organisation}")]
pub async fn edit_portal_member(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OrganisationId)>,
    body: Patch<MemberCapabilities>,
) -> Reply {
    let expected = call.if_match()?;
    let (portal, who) = (&path.0, path.1);
    command(&app, &call, &by, async |tx, command| member::edit(tx, command, portal, who, expected, &body).await).await
}

/// Take up an invitation of your organisation.
#[utoipa::path(tag = "portal",
    params(("portal" = String, Path, description = "Id or slug"), ("organisation" = Uuid, Path)),
    security(("person" = []), ("client" = ["portal:write"])),
    responses((status = 200, description = "As it is now", body = PortalMemberDto)))]
#[post("/v1/portals/{portal}/members/{organisation}/accept")]
pub async fn accept_portal_member(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OrganisationId)>,
) -> Reply {
    step(&app, &call, &by, &path, MemberStep::Accept, &Approval::default()).await
}

/// Grant an application to a portal that you manage.
#[utoipa::path(tag = "portal", request_body = Approval,
    params(("portal" = String, Path, description = "Id or slug"), ("organisation" = Uuid, Path)),
    security(("person" = []), ("client" = ["portal:write"])),
    responses((status = 200, description = "As it is now", body = PortalMemberDto)))]
#[post("/v1/portals/{portal}/members/{organisation}/approve")]
pub async fn approve_portal_member(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OrganisationId)>,
    body: Body<Approval>,
) -> Reply {
    step(&app, &call, &by, &path, MemberStep::Approve, &body.0).await
}

/// Suspend a member of a portal that you manage.
#[utoipa::path(tag = "portal",
    params(("portal" = String, Path, description = "Id or slug"), ("organisation" = Uuid, Path)),
    security(("person" = []), ("client" = ["portal:write"])),
    responses((status = 200, description = "As it is now", body = PortalMemberDto)))]
#[post("/v1/portals/{portal}/members/{organisation}/suspend")]
pub async fn suspend_portal_member(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OrganisationId)>,
) -> Reply {
    step(&app, &call, &by, &path, MemberStep::Suspend, &Approval::default()).await
}

/// End the suspension of a member.
#[utoipa::path(tag = "portal",
    params(("portal" = String, Path, description = "Id or slug"), ("organisation" = Uuid, Path)),
    security(("person" = []), ("client" = ["portal:write"])),
    responses((status = 200, description = "As it is now", body = PortalMemberDto)))]
#[post("/v1/portals/{portal}/members/{organisation}/reinstate")]
pub async fn reinstate_portal_member(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OrganisationId)>,
) -> Reply {
    step(&app, &call, &by, &path, MemberStep::Reinstate, &Approval::default()).await
}

/// End a membership: your own, or one in a portal that you manage.
#[utoipa::path(tag = "portal",
    params(("portal" = String, Path, description = "Id or slug"), ("organisation" = Uuid, Path)),
    security(("person" = []), ("client" = ["portal:write"])),
    responses((status = 200, description = "As it is now", body = PortalMemberDto)))]
#[post("/v1/portals/{portal}/members/{organisation}/end")]
pub async fn end_portal_member(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(String, OrganisationId)>,
) -> Reply {
    step(&app, &call, &by, &path, MemberStep::End, &Approval::default()).await
}

async fn step(
    app: &App,
    call: &Call,
    by: &Principal,
    path: &(String, OrganisationId),
    step: MemberStep,
    approval: &Approval,
) -> Reply {
    command(app, call, by, async |tx, command| member::step(tx, command, &path.0, path.1, step, approval).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_portal_members).service(apply_to_portal).service(invite_to_portal);
    config.service(find_portal_member).service(edit_portal_member).service(accept_portal_member);
    config.service(approve_portal_member).service(suspend_portal_member);
    config.service(reinstate_portal_member).service(end_portal_member);
}
