//! Organisations over HTTP.

use actix_web::{get, patch, post, web};
use domain::kernel::OrganisationId;
use domain::party::organisation::Step;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    Decision, DirectoryQuery, OrganisationDto, OrganisationProfile, Registered, Registration, VerificationDto,
};
use super::usecase;
use crate::app::App;
use crate::auth::password;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Register an organisation and its first person, who becomes its owner. It trades once the operator has verified it.
#[utoipa::path(tag = "party", request_body = Registration, responses(
    (status = 201, description = "Registered", body = Registered, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/organisations")]
pub async fn register(app: web::Data<App>, call: Call, body: Body<Registration>) -> Reply {
    usecase::check(&body.0)?;
    let hash = password::hash(body.0.person.password.clone(), app.config.password_cost).await?;
    let by = Principal::nobody(app.clock.now());
    command(&app, &call, &by, async |tx, command| usecase::register(tx, command, &body.0, &hash).await).await
}

/// The directory of verified organisations, by name.
#[utoipa::path(tag = "party", params(DirectoryQuery), security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "A page of the directory", body = Items<OrganisationDto>)))]
#[get("/v1/organisations")]
pub async fn directory(app: web::Data<App>, call: Call, by: Principal, query: web::Query<DirectoryQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::directory(&mut *app.pool.get().await?, &by, &query, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One organisation: your own, or one in the directory.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "The organisation", body = OrganisationDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}")]
pub async fn find(app: web::Data<App>, call: Call, by: Principal, id: web::Path<OrganisationId>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change your organisation. Another name, form, country or identifier must be verified anew.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = OrganisationProfile,
    security(("person" = []), ("client" = ["organisation:write"])),
    responses((status = 200, description = "As it is now", body = OrganisationDto, headers(("ETag" = String)))))]
#[patch("/v1/organisations/{id}")]
pub async fn edit(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Patch<OrganisationProfile>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *id, expected, &body).await).await
}

/// Verify an organisation (operator).
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), request_body = Decision, security(("person" = [])),
    responses((status = 200, description = "It may trade", body = OrganisationDto)))]
#[post("/v1/organisations/{id}/verify")]
pub async fn verify(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<Decision>,
) -> Reply {
    decide(&app, &call, &by, *id, Step::Verify, &body.0).await
}

/// Reject what an organisation gave as evidence (operator). It stays pending and reads why.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), request_body = Decision, security(("person" = [])),
    responses((status = 200, description = "It stays pending", body = OrganisationDto)))]
#[post("/v1/organisations/{id}/reject")]
pub async fn reject(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<Decision>,
) -> Reply {
    decide(&app, &call, &by, *id, Step::Reject, &body.0).await
}

/// Suspend an organisation (operator): it can look, but not trade.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), request_body = Decision, security(("person" = [])),
    responses((status = 200, description = "It is suspended", body = OrganisationDto)))]
#[post("/v1/organisations/{id}/suspend")]
pub async fn suspend(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<Decision>,
) -> Reply {
    decide(&app, &call, &by, *id, Step::Suspend, &body.0).await
}

/// End the suspension of an organisation (operator).
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), request_body = Decision, security(("person" = [])),
    responses((status = 200, description = "It may trade again", body = OrganisationDto)))]
#[post("/v1/organisations/{id}/reinstate")]
pub async fn reinstate(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<Decision>,
) -> Reply {
    decide(&app, &call, &by, *id, Step::Reinstate, &body.0).await
}

/// Close an organisation for good (operator): its people can look, but change nothing.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), request_body = Decision, security(("person" = [])),
    responses((status = 200, description = "It is kept for the record only", body = OrganisationDto)))]
#[post("/v1/organisations/{id}/close")]
pub async fn close(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<Decision>,
) -> Reply {
    decide(&app, &call, &by, *id, Step::Close, &body.0).await
}

/// The operator's decisions about an organisation, oldest first.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "A page of decisions", body = Items<VerificationDto>)))]
#[get("/v1/organisations/{id}/verifications")]
pub async fn decisions(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::decisions(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

async fn decide(app: &App, call: &Call, by: &Principal, id: OrganisationId, step: Step, body: &Decision) -> Reply {
    command(app, call, by, async |tx, command| usecase::decide(tx, command, id, step, body).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(register).service(directory).service(find).service(edit);
    config.service(verify).service(reject).service(suspend).service(reinstate).service(close).service(decisions);
}
