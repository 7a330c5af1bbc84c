//! Dunning over HTTP.

use actix_web::{get, put, web};
use domain::kernel::OrganisationId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::DunningLevelsDto;
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// How your organisation reminds buyers of overdue invoices.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "The levels", body = DunningLevelsDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}/dunning-levels")]
pub async fn find_dunning_levels(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Set how buyers are reminded. It holds for invoices that are open already, too; notices that went out stay.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = DunningLevelsDto,
    security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 200, description = "They are in force", body = DunningLevelsDto, headers(("ETag" = String)))))]
#[put("/v1/organisations/{id}/dunning-levels")]
pub async fn keep_dunning_levels(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<DunningLevelsDto>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::keep(tx, command, *id, expected, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(find_dunning_levels).service(keep_dunning_levels);
}
