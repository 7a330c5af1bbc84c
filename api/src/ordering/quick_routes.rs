//! Ordering quickly and again, over HTTP.

use actix_web::{post, web};
use domain::kernel::OrderId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::again;
use super::dto::Orders;
use super::quick_dto::{DraftedAgain, QuickOrderData};
use crate::app::App;
use crate::command::command;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Order by SKU: a list of lines, or CSV. Where several sellers offer a SKU, the candidates are told, and a line names one.
#[utoipa::path(tag = "ordering", request_body = QuickOrderData, security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 201, description = "The draft, or the placed orders", body = Orders, headers(("Location" = String)))))]
#[post("/v1/orders/quick")]
pub async fn quick_order(app: web::Data<App>, call: Call, by: Principal, body: Body<QuickOrderData>) -> Reply {
    let languages = call.languages();
    let work = async |tx: &mut _, command: &_| again::quick_order(tx, &app, command, &body.0, &languages).await;
    command(&app, &call, &by, work).await
}

/// Draft what an order of yours asked for once more, at today's prices. What is no longer offered is left out and named.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 201, description = "The draft", body = DraftedAgain, headers(("Location" = String)))))]
#[post("/v1/orders/{id}/reorder")]
pub async fn reorder(app: web::Data<App>, call: Call, by: Principal, id: web::Path<OrderId>) -> Reply {
    let languages = call.languages();
    let work = async |tx: &mut _, command: &_| again::reorder(tx, &app, command, *id, &languages).await;
    command(&app, &call, &by, work).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(quick_order).service(reorder);
}
