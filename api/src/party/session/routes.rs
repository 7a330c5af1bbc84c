//! Log-ins over HTTP. These calls hand out secrets that are never kept, so they take no idempotency key.

use actix_web::{HttpRequest, HttpResponse, delete, post, web};
use domain::kernel::{Kind, PersonId, Refusal};
use infra::db::tx;
use infra::party::person;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{LogIn, Refresh, SessionTokens};
use super::usecase::{self, Refreshed};
use crate::app::App;
use crate::auth::password;
use crate::command::{by_service, command};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::limit::{self, Policy};
use crate::http::middleware::address;
use crate::http::principal::Principal;
use crate::http::problem::{Problem, Reply};

/// Log in: gives an access token for ten minutes and a refresh token.
#[utoipa::path(tag = "party", request_body = LogIn, responses(
    (status = 201, description = "The session is open", body = SessionTokens),
    (status = 401, description = "The credentials are wrong")))]
#[post("/v1/sessions")]
pub async fn log_in(app: web::Data<App>, request: HttpRequest, body: Body<LogIn>) -> Reply {
    let wanted = body.0;
    let email = wanted.email.trim().to_lowercase();
    throttle(&app, &request, &email).await?;
    let found = person::find_by_email(&mut *app.pool.get().await?, &email).await?;
    let hash = found.as_ref().map(|person| person.password_hash.clone());
    // The connection is back in the pool while the password is checked: that takes tens of milliseconds.
    let right = password::verify(wanted.password.clone(), hash).await?;
    let wrong = || Refusal::new(Kind::InvalidCredentials, "The e-mail address or the password is wrong.");
    let who = found.filter(|_| right).map(|person| PersonId(person.id)).ok_or_else(wrong)?;
    let tokens =
        tx::transaction(&app.pool, async |tx| usecase::open(tx, &app, who, &wanted, app.clock.now()).await).await?;
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(tokens))
}

/// Get new tokens for a refresh token. The old one is used up; using it again ends the session.
#[utoipa::path(tag = "party", request_body = Refresh, responses(
    (status = 200, description = "New tokens", body = SessionTokens),
    (status = 401, description = "The refresh token is not good")))]
#[post("/v1/sessions/refresh")]
pub async fn refresh(app: web::Data<App>, request: HttpRequest, body: Body<Refresh>) -> Reply {
    throttle_address(&app, &request).await?;
    let outcome =
        by_service(&app, async |tx, command| usecase::refresh(tx, &app, &body.0.refresh_token, command).await);
    match outcome.await? {
        Refreshed::Tokens(tokens) => Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(tokens)),
        Refreshed::Reused => Err(Problem::new(Kind::InvalidCredentials, "The refresh token is not good.")),
    }
}

/// Log out.
#[utoipa::path(tag = "party", security(("person" = [])), responses((status = 204, description = "The session has ended")))]
#[delete("/v1/sessions/current")]
pub async fn log_out(app: web::Data<App>, by: Principal, call: Call) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::close(tx, command).await).await
}

/// Counts the attempt by address alone.
pub async fn throttle_address(app: &App, request: &HttpRequest) -> Result<(), Problem> {
    let standing = app.limits.count(Policy::LogInAddress, &address(app, request).to_string()).await;
    if standing.allowed { Ok(()) } else { Err(limit::exceeded(standing)) }
}

/// Counts the attempt by account and by address. Neither locks an account: the owner's next attempt after a pause succeeds.
pub async fn throttle(app: &App, request: &HttpRequest, account: &str) -> Result<(), Problem> {
    throttle_address(app, request).await?;
    throttle_account(app, request, account).await
}

/// Counts the attempt by account alone, as far as it comes from the same address.
pub async fn throttle_account(app: &App, request: &HttpRequest, account: &str) -> Result<(), Problem> {
    let key = format!("{account} {}", address(app, request));
    let standing = app.limits.count(Policy::LogInAccount, &key).await;
    if standing.allowed { Ok(()) } else { Err(limit::exceeded(standing)) }
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(log_in).service(refresh).service(log_out);
}
