//! The people of an organisation over HTTP.

use actix_web::{delete, get, patch, web};
use domain::kernel::{OrganisationId, PersonId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{MemberDto, MemberRoles};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Patch;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// The people of your organisation.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "A page of members", body = Items<MemberDto>)))]
#[get("/v1/organisations/{id}/members")]
pub async fn list_members(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One person of your organisation.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("person" = Uuid, Path)),
    security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "The member", body = MemberDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}/members/{person}")]
pub async fn find_member(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, PersonId)>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *path).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change what a person may do. Only an owner makes and unmakes owners, and one always remains.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("person" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = MemberRoles, security(("person" = [])),
    responses((status = 200, description = "As it is now", body = MemberDto, headers(("ETag" = String)))))]
#[patch("/v1/organisations/{id}/members/{person}")]
pub async fn edit_member(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, PersonId)>,
    body: Patch<MemberRoles>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *path, expected, &body).await).await
}

/// Take a person out of the organisation, or leave it yourself. The last owner stays.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("person" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = [])), responses((status = 204, description = "No longer a member")))]
#[delete("/v1/organisations/{id}/members/{person}")]
pub async fn remove_member(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, PersonId)>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::remove(tx, command, *path, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_members).service(find_member).service(edit_member).service(remove_member);
}
