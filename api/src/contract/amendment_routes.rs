//! Amendments over HTTP.

use actix_web::{get, post, web};
use domain::kernel::ContractId;
use infra::db::page::List;
use utoipa_actix_web::service_config::ServiceConfig;

use super::amendment;
use super::dto::{AmendmentData, AmendmentDto, SignData};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// The amendments of a contract, first to last.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["contracts:read"])),
    responses((status = 200, description = "All of them", body = Items<AmendmentDto>)))]
#[get("/v1/contracts/{id}/amendments")]
pub async fn list_amendments(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ContractId>) -> Reply {
    let items = amendment::list(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), List { items, next: None })
}

/// Propose a change of an active or disputed contract. It is in force once both sides have signed it.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), request_body = AmendmentData,
    security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 201, description = "It is proposed", body = AmendmentDto, headers(("Location" = String)))))]
#[post("/v1/contracts/{id}/amendments")]
pub async fn propose_amendment(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ContractId>,
    body: Body<AmendmentData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| amendment::propose(tx, command, *id, &body.0).await).await
}

/// Sign an amendment for your side, by the hash of its text.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path), ("number" = i32, Path)), request_body = SignData,
    security(("person" = [])), responses((status = 200, description = "It is signed", body = AmendmentDto)))]
#[post("/v1/contracts/{id}/amendments/{number}/sign")]
pub async fn sign_amendment(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(ContractId, i32)>,
    body: Body<SignData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| amendment::sign(tx, command, *path, &body.0).await).await
}

/// Give an open amendment up: your own is withdrawn, that of the other side declined.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path), ("number" = i32, Path)),
    security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 200, description = "It is withdrawn or declined", body = AmendmentDto)))]
#[post("/v1/contracts/{id}/amendments/{number}/withdraw")]
pub async fn withdraw_amendment(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(ContractId, i32)>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| amendment::withdraw(tx, command, *path).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_amendments).service(propose_amendment).service(sign_amendment).service(withdraw_amendment);
}
