//! Returns of goods over HTTP.

use actix_web::{get, post, web};
use domain::contract::goods_return::ReturnStep;
use domain::kernel::{ContractId, GoodsReturnId};
use infra::db::page::List;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::Grounds;
use super::goods_return;
use super::goods_return_dto::{BackData, ReturnData, ReturnDto};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// The returns under a contract, first to last.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["contracts:read"])),
    responses((status = 200, description = "All of them", body = Items<ReturnDto>)))]
#[get("/v1/contracts/{id}/returns")]
pub async fn list_returns(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ContractId>) -> Reply {
    let items = goods_return::list(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), List { items, next: None })
}

/// Ask to give back goods that you received. The seller accepts or refuses.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), request_body = ReturnData,
    security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 201, description = "The seller is asked", body = ReturnDto, headers(("Location" = String)))))]
#[post("/v1/contracts/{id}/returns")]
pub async fn request_return(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ContractId>,
    body: Body<ReturnData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| goods_return::request(tx, command, *id, &body.0).await).await
}

/// One return under a contract of yours.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["contracts:read"])),
    responses((status = 200, description = "The return", body = ReturnDto, headers(("ETag" = String)))))]
#[get("/v1/returns/{id}")]
pub async fn find_return(app: web::Data<App>, call: Call, by: Principal, id: web::Path<GoodsReturnId>) -> Reply {
    let (found, version) = goods_return::find(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Accept a return: the buyer sends the goods back.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 200, description = "It is accepted", body = ReturnDto)))]
#[post("/v1/returns/{id}/accept")]
pub async fn accept_return(app: web::Data<App>, call: Call, by: Principal, id: web::Path<GoodsReturnId>) -> Reply {
    command(&app, &call, &by, async |tx, command| {
        goods_return::decide(tx, command, *id, ReturnStep::Accept, None).await
    })
    .await
}

/// Refuse a return, and say why.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), request_body = Grounds,
    security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 200, description = "It is refused", body = ReturnDto)))]
#[post("/v1/returns/{id}/refuse")]
pub async fn refuse_return(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<GoodsReturnId>,
    body: Body<Grounds>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| {
        goods_return::decide(tx, command, *id, ReturnStep::Refuse, Some(&body.0.reason)).await
    })
    .await
}

/// Keep the goods after all.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 200, description = "It is withdrawn", body = ReturnDto)))]
#[post("/v1/returns/{id}/withdraw")]
pub async fn withdraw_return(app: web::Data<App>, call: Call, by: Principal, id: web::Path<GoodsReturnId>) -> Reply {
    command(&app, &call, &by, async |tx, command| {
        goods_return::decide(tx, command, *id, ReturnStep::Withdraw, None).await
    })
    .await
}

/// Say what came back: it goes to your stock or is written off, and the buyer gets a credit note for what was invoiced of it.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), request_body = BackData,
    security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 200, description = "It is completed", body = ReturnDto)))]
#[post("/v1/returns/{id}/complete")]
pub async fn complete_return(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<GoodsReturnId>,
    body: Body<BackData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| goods_return::complete(tx, command, *id, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_returns).service(request_return).service(find_return).service(accept_return);
    config.service(refuse_return).service(withdraw_return).service(complete_return);
}
