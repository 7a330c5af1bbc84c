//! The caller's own account over HTTP.

use actix_web::{HttpRequest, delete, get, patch, post, web};
use domain::kernel::Refusal;
use infra::party::person;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{Me, MyProfile, PasswordChange};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer;
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::{Reply, refused};
use crate::party::session;

/// Who you are: a person or a machine, for which organisation, with which rights.
#[utoipa::path(tag = "party", security(("person" = []), ("client" = [])),
    responses((status = 200, description = "You", body = Me, headers(("ETag" = String)))))]
#[get("/v1/me")]
pub async fn me(app: web::Data<App>, call: Call, by: Principal) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by).await?;
    answer::read(&call, by.organisation_id(), &found, version)
}

/// Change your name or language.
#[utoipa::path(tag = "party", params(("If-Match" = String, Header)), request_body = MyProfile, security(("person" = [])),
    responses((status = 200, description = "As it is now", body = Me, headers(("ETag" = String)))))]
#[patch("/v1/me")]
pub async fn edit_me(app: web::Data<App>, call: Call, by: Principal, body: Patch<MyProfile>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, expected, &body).await).await
}

/// Change your password. All your other sessions end.
#[utoipa::path(tag = "party", request_body = PasswordChange, security(("person" = [])),
    responses((status = 204, description = "It is changed")))]
#[post("/v1/me/password")]
pub async fn change_password(
    app: web::Data<App>,
    request: HttpRequest,
    call: Call,
    by: Principal,
    body: Body<PasswordChange>,
) -> Reply {
    let id = by.person()?;
    session::routes::throttle(&app, &request, &id.to_string()).await?;
    let held = person::find(&mut *app.pool.get().await?, id).await?;
    let held = held.ok_or_else(|| Refusal::not_found("person"))?;
    // What is refused here is told in the transaction, which first looks whether this very request was answered before.
    let proved = refused(usecase::prove(&app, &body.0, held).await)?;
    command(&app, &call, &by, async |tx, command| usecase::change_password(tx, command, &proved).await).await
}

/// Erase your personal data and leave all organisations. What you signed keeps the name you signed with. The last owner of an
/// organisation cannot go.
#[utoipa::path(tag = "party", params(("If-Match" = String, Header)), security(("person" = [])),
    responses((status = 204, description = "Your data are erased")))]
#[delete("/v1/me")]
pub async fn erase_me(app: web::Data<App>, call: Call, by: Principal) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::erase(tx, command, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(me).service(edit_me).service(change_password).service(erase_me);
}
