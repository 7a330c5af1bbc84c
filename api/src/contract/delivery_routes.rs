//! Deliveries over HTTP.

use actix_web::{get, post, web};
use domain::kernel::{ContractId, DeliveryId};
use infra::db::page::List;
use utoipa_actix_web::service_config::ServiceConfig;

use super::delivery;
use super::delivery_dto::{DeliveryDto, DespatchData, ReceiptData};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// The deliveries under a contract, first to last.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["contracts:read"])),
    responses((status = 200, description = "All of them", body = Items<DeliveryDto>)))]
#[get("/v1/contracts/{id}/deliveries")]
pub async fn list_deliveries(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ContractId>) -> Reply {
    let items = delivery::list(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), List { items, next: None })
}

/// Despatch goods under an active contract: all that is open, or the lines you name. They leave your stock.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), request_body = DespatchData,
    security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 201, description = "It is on its way", body = DeliveryDto, headers(("Location" = String)))))]
#[post("/v1/contracts/{id}/deliveries")]
pub async fn despatch_delivery(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ContractId>,
    body: Body<DespatchData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| delivery::despatch(tx, command, *id, &body.0).await).await
}

/// One delivery under a contract of yours.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["contracts:read"])),
    responses((status = 200, description = "The delivery", body = DeliveryDto, headers(("ETag" = String)))))]
#[get("/v1/deliveries/{id}")]
pub async fn find_delivery(app: web::Data<App>, call: Call, by: Principal, id: web::Path<DeliveryId>) -> Reply {
    let (found, version) = delivery::find(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Say what arrived: in full, short, damaged, or too much. What is missing or damaged is to be delivered again.
#[utoipa::path(tag = "contract", params(("id" = Uuid, Path)), request_body = ReceiptData,
    security(("person" = []), ("client" = ["contracts:write"])),
    responses((status = 200, description = "It is received", body = DeliveryDto)))]
#[post("/v1/deliveries/{id}/receive")]
pub async fn receive_delivery(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<DeliveryId>,
    body: Body<ReceiptData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| delivery::receive(tx, command, *id, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_deliveries).service(despatch_delivery).service(find_delivery).service(receive_delivery);
}
