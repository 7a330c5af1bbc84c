//! API clients over HTTP.

use actix_web::{delete, get, patch, post, web};
use domain::kernel::{ApiClientId, OrganisationId, SecretId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ApiClientData, ApiClientDto, NewApiClient, NewSecret, SecretDto, SecretWish};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Make an API client with its first secret, which is shown this once.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), request_body = ApiClientData, security(("person" = [])),
    responses((status = 201, description = "It is made", body = NewApiClient,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/organisations/{id}/api-clients")]
pub async fn create_api_client(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<ApiClientData>,
) -> Reply {
    usecase::allow(&by, *id)?;
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, *id, &body.0).await).await
}

/// The API clients of your organisation.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), PageQuery), security(("person" = [])),
    responses((status = 200, description = "A page of API clients", body = Items<ApiClientDto>)))]
#[get("/v1/organisations/{id}/api-clients")]
pub async fn list_api_clients(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One API client of your organisation.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("client" = Uuid, Path)), security(("person" = [])),
    responses((status = 200, description = "The API client", body = ApiClientDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}/api-clients/{client}")]
pub async fn find_api_client(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, ApiClientId)>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *path).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change the name or the scopes of an API client. A scope that is taken away is gone from its tokens, too.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("client" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = ApiClientData, security(("person" = [])),
    responses((status = 200, description = "As it is now", body = ApiClientDto, headers(("ETag" = String)))))]
#[patch("/v1/organisations/{id}/api-clients/{client}")]
pub async fn edit_api_client(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, ApiClientId)>,
    body: Patch<ApiClientData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *path, expected, &body).await).await
}

/// Revoke an API client: its secrets and tokens stop working.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("client" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = [])), responses((status = 204, description = "It is revoked")))]
#[delete("/v1/organisations/{id}/api-clients/{client}")]
pub async fn revoke_api_client(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, ApiClientId)>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::revoke(tx, command, *path, expected).await).await
}

/// Make another secret, which is shown this once. Two are valid at a time, so that one replaces the other without a gap.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("client" = Uuid, Path)), request_body = SecretWish,
    security(("person" = [])),
    responses((status = 201, description = "It is made", body = NewSecret, headers(("Location" = String)))))]
#[post("/v1/organisations/{id}/api-clients/{client}/secrets")]
pub async fn create_secret(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, ApiClientId)>,
    body: Body<SecretWish>,
) -> Reply {
    usecase::allow(&by, path.0)?;
    command(&app, &call, &by, async |tx, command| usecase::create_secret(tx, command, *path, &body.0).await).await
}

/// The valid secrets of an API client: when they end and what they end with, never the secrets themselves.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("client" = Uuid, Path)), security(("person" = [])),
    responses((status = 200, description = "Two at most", body = Items<SecretDto>)))]
#[get("/v1/organisations/{id}/api-clients/{client}/secrets")]
pub async fn list_secrets(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, ApiClientId)>,
) -> Reply {
    let found = usecase::secrets(&mut *app.pool.get().await?, &by, *path, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Revoke a secret, and with it the tokens that were got with it.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("client" = Uuid, Path), ("secret" = Uuid, Path)),
    security(("person" = [])), responses((status = 204, description = "It is revoked")))]
#[delete("/v1/organisations/{id}/api-clients/{client}/secrets/{secret}")]
pub async fn revoke_secret(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, ApiClientId, SecretId)>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::revoke_secret(tx, command, *path).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(create_api_client).service(list_api_clients).service(find_api_client);
    config.service(edit_api_client).service(revoke_api_client);
    config.service(create_secret).service(list_secrets).service(revoke_secret);
}
