//! What an organisation has running, over HTTP.

use actix_web::{get, web};
use domain::kernel::OrganisationId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::Running;
use super::usecase;
use crate::app::App;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// What an organisation has running: open orders, contracts and invoices. For its own people and the operator, who may have to
/// suspend or close it.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "The oldest of each kind", body = Running)))]
#[get("/v1/organisations/{id}/running")]
pub async fn running(app: web::Data<App>, call: Call, by: Principal, id: web::Path<OrganisationId>) -> Reply {
    let found = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, None)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(running);
}
