//! Password resets over HTTP.

use std::time::Duration;

use actix_web::{HttpRequest, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ResetCompletion, ResetRequest};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::limit::{self, Policy};
use crate::http::principal::Principal;
use crate::http::problem::{Reply, refused};
use crate::party::session;

/// Every request takes at least as long as writing a mail, so that its time does not tell whether there is an account.
const LEAST: Duration = Duration::from_millis(150);

/// Ask for a mail with a link to choose a new password. The answer is the same whether the address has an account or not.
#[utoipa::path(tag = "party", request_body = ResetRequest, responses(
    (status = 202, description = "If there is such an account, a mail is on its way")))]
#[post("/v1/password-resets")]
pub async fn request_reset(app: web::Data<App>, request: HttpRequest, call: Call, body: Body<ResetRequest>) -> Reply {
    let email = body.0.email.trim().to_lowercase();
    session::routes::throttle_address(&app, &request).await?;
    // By account alone: nobody's box is filled from many addresses at once.
    let standing = app.limits.count(Policy::LogInAccount, &format!("reset {email}")).await;
    if !standing.allowed {
        return Err(limit::exceeded(standing));
    }
    let by = Principal::nobody(app.clock.now());
    let work = command(&app, &call, &by, async |tx, command| usecase::request(tx, &app, command, &email).await);
    let (reply, ()) = tokio::join!(work, tokio::time::sleep(LEAST));
    reply
}

/// Choose a new password with the token from the mail. All your sessions end.
#[utoipa::path(tag = "party", request_body = ResetCompletion, responses((status = 204, description = "Log in with it")))]
#[post("/v1/password-resets/complete")]
pub async fn complete_reset(
    app: web::Data<App>,
    request: HttpRequest,
    call: Call,
    body: Body<ResetCompletion>,
) -> Reply {
    let wanted = &body.0;
    session::routes::throttle_address(&app, &request).await?;
    let at = app.clock.now();
    let email = usecase::email_of(&mut *app.pool.get().await?, &wanted.token, at).await?;
    // What is refused here is told in the transaction, which first looks whether this very request was answered before.
    let new_hash = refused(usecase::prepare(&app, wanted, email).await)?;
    let by = Principal::nobody(at);
    command(&app, &call, &by, async |tx, command| usecase::complete(tx, command, &wanted.token, &new_hash).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(request_reset).service(complete_reset);
}
