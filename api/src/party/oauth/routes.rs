//! The token endpoint over HTTP. Its errors have the form that OAuth libraries expect. It hands out secrets that are never kept, so it
//! takes no idempotency key.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{OauthErrorDto, TokenRequest, TokenResponse};
use super::grant::{Denial, Grant};
use super::usecase;
use crate::app::App;
use crate::http::problem::Reply;
use crate::party::session;

/// Get an access token for an API client (OAuth 2 client credentials, RFC 6749 §4.4). Errors have the form of RFC 6749 §5.2.
#[utoipa::path(tag = "party",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, description = "The token", body = TokenResponse),
    (status = 400, description = "The request, the grant type or a scope is not good", body = OauthErrorDto),
    (status = 401, description = "The client or its secret is not good", body = OauthErrorDto)))]
#[post("/oauth/token")]
pub async fn token(
    app: web::Data<App>,
    request: HttpRequest,
    form: Result<web::Form<Vec<(String, String)>>, actix_web::Error>,
) -> Reply {
    let Ok(form) = form else {
        return Ok(denied(&Denial::InvalidRequest("Send application/x-www-form-urlencoded in UTF-8.")));
    };
    let authorization = request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    let wanted = match Grant::read(authorization, &form) {
        Ok(wanted) => wanted,
        Err(denial) => return Ok(denied(&denial)),
    };
    session::routes::throttle(&app, &request, &wanted.client.to_string()).await?;
    let at = app.clock.now();
    Ok(match usecase::grant(&mut *app.pool.get().await?, &app, &wanted, at).await? {
        Ok(token) => unstored(StatusCode::OK).json(token),
        Err(denial) => denied(&denial),
    })
}

fn denied(denial: &Denial) -> HttpResponse {
    let (error, description) = match denial {
        Denial::InvalidRequest(why) => ("invalid_request", *why),
        Denial::InvalidClient => ("invalid_client", "The client or its secret is not good."),
        Denial::UnsupportedGrantType => ("unsupported_grant_type", "The grant type is client_credentials."),
        Denial::InvalidScope(why) => ("invalid_scope", why.as_str()),
    };
    let mut response = match denial {
        Denial::InvalidClient => unstored(StatusCode::UNAUTHORIZED),
        _ => unstored(StatusCode::BAD_REQUEST),
    };
    if *denial == Denial::InvalidClient {
        response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"torg\""));
    }
    response.json(OauthErrorDto { error, error_description: description.to_owned() })
}

fn unstored(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache"));
    response
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(token);
}
