//! Contracts over HTTP.

use actix_web::{HttpResponse, get, post, web};
use domain::kernel::ContractId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ContractDto, ContractQuery, ContractSummary, Grounds, SignData};
use super::{cancel, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Your contracts, newest first, on either side.
#[utoipa::path(tag = "contract", params(ContractQuery), security(("person" = []), ("client" = ["contracts:read"])),
    responses((status = 200, description = "A page of contracts", body = Items<ContractSummary>)))]
#[get("/v1/contracts")]
pub async fn list_contracts(app: web::Data<App>, call: Call, by: Principal, query: web::Query<ContractQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &query, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One contract of yours.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["contracts:read"])),
    responses((status = 200, description = "The contract", body = ContractDto, headers(("ETag" = String)))))]
#[get("/v1/contracts/{id}")]
pub async fn find_contract(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ContractId>) -> Reply {
    let (found, version) =
        usecase::find(&mut *app.pool.get().await?, &by, *id, app.clock.now(), &call.languages()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// The text of a contract as it is signed. The SHA-256 of these very bytes is its `text_hash`.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["contracts:read"])),
    responses((status = 200, description = "The text", body = String, content_type = "text/plain")))]
#[get("/v1/contracts/{id}/text")]
pub async fn read_contract_text(app: web::Data<App>, by: Principal, id: web::Path<ContractId>) -> Reply {
    let text = usecase::text(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header(("Cache-Control", "private, no-cache"))
        .body(text))
}

/// Sign a contract for your side, by the hash of the text you read. With the second signature it is active.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), request_body = SignData, security(("person" = [])),
    responses((status = 200, description = "It is signed", body = ContractDto)))]
#[post("/v1/contracts/{id}/sign")]
pub async fn sign_contract(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ContractId>,
    body: Body<SignData>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| usecase::sign(tx, command, *id, &body.0, &languages).await).await
}

/// Give a contract up. The other side has to consent by doing the same, as long as nothing was despatched; a contract that is not signed
/// by both after 14 days either side gives up freely. The stock that was reserved for it is free again.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), request_body = Grounds,
    security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 200, description = "It is cancelled, or the other side is asked", body = ContractDto)))]
#[post("/v1/contracts/{id}/cancel")]
pub async fn cancel_contract(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ContractId>,
    body: Body<Grounds>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| cancel::cancel(tx, command, *id, &body.0, &languages).await).await
}

/// Dispute an active or fulfilled contract. Nothing more is despatched until the dispute is settled.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), request_body = Grounds,
    security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 200, description = "It is disputed", body = ContractDto)))]
#[post("/v1/contracts/{id}/dispute")]
pub async fn dispute_contract(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ContractId>,
    body: Body<Grounds>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| usecase::dispute(tx, command, *id, &body.0, &languages).await).await
}

/// Say that the dispute you raised is settled. The contract goes on.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 200, description = "It goes on", body = ContractDto)))]
#[post("/v1/contracts/{id}/resolve")]
pub async fn resolve_contract(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ContractId>) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| usecase::resolve(tx, command, *id, &languages).await).await
}

/// The operator ends a disputed contract. What was not despatched is free again.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), request_body = Grounds, security(("person" = [])),
    responses((status = 200, description = "It is terminated", body = ContractDto)))]
#[post("/v1/contracts/{id}/terminate")]
pub async fn terminate_contract(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ContractId>,
    body: Body<Grounds>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| usecase::terminate(tx, command, *id, &body.0, &languages).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_contracts).service(find_contract).service(read_contract_text);
    config.service(sign_contract).service(cancel_contract).service(dispute_contract);
    config.service(resolve_contract).service(terminate_contract);
}
