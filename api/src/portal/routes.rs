//! Portals over HTTP.

use actix_web::{delete, get, patch, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{NewRules, PortalData, PortalDto, PortalMemberDto, RulesDto};
use super::{rules, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// The portals you may know of, by slug.
#[utoipa::path(tag = "portal", params(PageQuery),
    responses((status = 200, description = "A page of portals", body = Items<PortalDto>)))]
#[get("/v1/portals")]
pub async fn list_portals(app: web::Data<App>, call: Call, by: Viewer, query: web::Query<PageQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::list(&mut *app.pool.get().await?, by.principal(), &page, &call.languages()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Open a portal. A verified organisation that does so manages it.
#[utoipa::path(tag = "portal", request_body = PortalData, security(("person" = []), ("client" = ["portal:write"])),
    responses((status = 201, description = "It is open", body = PortalDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/portals")]
pub async fn open_portal(app: web::Data<App>, call: Call, by: Principal, body: Body<PortalData>) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| usecase::open(tx, command, &body.0, &languages).await).await
}

/// One portal.
#[utoipa::path(tag = "portal", params(("portal" = String, Path, description = "Id or slug")),
    responses((status = 200, description = "The portal", body = PortalDto, headers(("ETag" = String)))))]
#[get("/v1/portals/{portal}")]
pub async fn find_portal(app: web::Data<App>, call: Call, by: Viewer, portal: web::Path<String>) -> Reply {
    let found = usecase::find(&mut *app.pool.get().await?, by.principal(), &portal, &call.languages()).await?;
    answer::read(&call, by.organisation_id(), &found.0, Some(found.1))
}

/// Change a portal that you manage.
#[utoipa::path(tag = "portal", request_body = PortalData,
    params(("portal" = String, Path, description = "Id or slug"), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["portal:write"])),
    responses((status = 200, description = "As it is now", body = PortalDto, headers(("ETag" = String)))))]
#[patch("/v1/portals/{portal}")]
pub async fn edit_portal(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Patch<PortalData>,
) -> Reply {
    let (expected, languages) = (call.if_match()?, call.languages());
    let work = async |tx: &mut _, command: &_| usecase::edit(tx, command, &portal, expected, &body, &languages).await;
    command(&app, &call, &by, work).await
}

/// Close a portal that you manage for good. What was agreed there stays.
#[utoipa::path(tag = "portal", params(("portal" = String, Path, description = "Id or slug"), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["portal:write"])), responses((status = 204, description = "It is closed for good")))]
#[delete("/v1/portals/{portal}")]
pub async fn archive_portal(app: web::Data<App>, call: Call, by: Principal, portal: web::Path<String>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::archive(tx, command, &portal, expected).await).await
}

/// The versions of a portal's rules, newest first.
#[utoipa::path(tag = "portal", params(("portal" = String, Path, description = "Id or slug")),
    responses((status = 200, description = "The rules", body = Items<RulesDto>)))]
#[get("/v1/portals/{portal}/rules")]
pub async fn list_rules(app: web::Data<App>, call: Call, by: Viewer, portal: web::Path<String>) -> Reply {
    let found = rules::list(&mut *app.pool.get().await?, by.principal(), &portal).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Publish a new version of the rules. From now on members act only after accepting it.
#[utoipa::path(tag = "portal", params(("portal" = String, Path, description = "Id or slug")), request_body = NewRules,
    security(("person" = [])), responses((status = 201, description = "It is in force", body = RulesDto)))]
#[post("/v1/portals/{portal}/rules")]
pub async fn publish_rules(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Body<NewRules>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| rules::publish(tx, command, &portal, &body.0).await).await
}

/// Accept the rules in force for your organisation. Who did so and when is recorded.
#[utoipa::path(tag = "portal", params(("portal" = String, Path, description = "Id or slug"), ("version" = i32, Path)),
    security(("person" = [])), responses((status = 200, description = "Accepted", body = PortalMemberDto)))]
#[post("/v1/portals/{portal}/rules/{version}/accept")]
pub async fn accept_rules(app: web::Data<App>, call: Call, by: Principal, path: web::Path<(String, i32)>) -> Reply {
    let (portal, version) = (&path.0, path.1);
    command(&app, &call, &by, async |tx, command| rules::accept(tx, command, portal, version).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_portals).service(open_portal).service(find_portal).service(edit_portal).service(archive_portal);
    config.service(list_rules).service(publish_rules).service(accept_rules);
}
