//! Groups of companies over HTTP.

use actix_web::{delete, get, post, put, web};
use domain::kernel::OrganisationId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AffiliateDto, ParentProposal};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::party::organisation::dto::OrganisationDto;

/// Name the parent of your organisation. The group shows once the parent agrees.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = ParentProposal,
    security(("person" = [])),
    responses((status = 200, description = "As it is now", body = OrganisationDto, headers(("ETag" = String)))))]
#[put("/v1/organisations/{id}/parent")]
pub async fn propose_parent(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<ParentProposal>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::propose(tx, command, *id, expected, &body.0).await).await
}

/// Leave your group, or take back what you proposed.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("If-Match" = String, Header)), security(("person" = [])),
    responses((status = 200, description = "As it is now", body = OrganisationDto, headers(("ETag" = String)))))]
#[delete("/v1/organisations/{id}/parent")]
pub async fn leave_parent(app: web::Data<App>, call: Call, by: Principal, id: web::Path<OrganisationId>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::leave(tx, command, *id, expected).await).await
}

/// The affiliates of an organisation. Its own people also see those that wait for its agreement.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "A page of affiliates", body = Items<AffiliateDto>)))]
#[get("/v1/organisations/{id}/affiliates")]
pub async fn list_affiliates(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::affiliates(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Agree to an affiliate that named your organisation as its parent.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("affiliate" = Uuid, Path)), security(("person" = [])),
    responses((status = 200, description = "It belongs to your group", body = AffiliateDto)))]
#[post("/v1/organisations/{id}/affiliates/{affiliate}/confirm")]
pub async fn confirm_affiliate(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, OrganisationId)>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::confirm(tx, command, *path).await).await
}

/// Take an affiliate out of your group, or turn it down.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("affiliate" = Uuid, Path)), security(("person" = [])),
    responses((status = 204, description = "It does not belong to your group")))]
#[delete("/v1/organisations/{id}/affiliates/{affiliate}")]
pub async fn expel_affiliate(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, OrganisationId)>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::expel(tx, command, *path).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(propose_parent).service(leave_parent).service(list_affiliates);
    config.service(confirm_affiliate).service(expel_affiliate);
}
