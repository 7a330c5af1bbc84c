//! What the operator does with people, over HTTP.

use actix_web::{post, web};
use domain::kernel::PersonId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{AccessReason, PersonDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Shut a person out (operator): their sessions end, and they cannot log in.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), request_body = AccessReason, security(("person" = [])),
    responses((status = 200, description = "They are out", body = PersonDto)))]
#[post("/v1/people/{id}/disable")]
pub async fn disable(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<PersonId>,
    body: Body<AccessReason>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::set_disabled(tx, command, *id, true, &body.0).await).await
}

/// Let a person in again (operator).
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), request_body = AccessReason, security(("person" = [])),
    responses((status = 200, description = "They can log in", body = PersonDto)))]
#[post("/v1/people/{id}/enable")]
pub async fn enable(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<PersonId>,
    body: Body<AccessReason>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::set_disabled(tx, command, *id, false, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(disable).service(enable);
}
