//! Payments of deposits over HTTP.

use actix_web::{get, post, web};
use domain::kernel::OrganisationId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{DepositPaymentData, DepositPaymentDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Record money that a company has paid in as a security for auctions, or was paid back. For the operator of the platform.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), request_body = DepositPaymentData, security(("person" = [])),
    responses((status = 201, description = "It is booked", body = DepositPaymentDto, headers(("Location" = String)))))]
#[post("/v1/organisations/{id}/deposit-payments")]
pub async fn record_deposit_payment(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<DepositPaymentData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::record(tx, command, *id, &body.0).await).await
}

/// What your organisation has paid in as a security and was paid back, newest first. What of it is free and what is bound stands in its
/// accounts `deposits` and `deposits_held`.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path), PageQuery), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "A page of payments", body = Items<DepositPaymentDto>)))]
#[get("/v1/organisations/{id}/deposit-payments")]
pub async fn list_deposit_payments(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, *id, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(record_deposit_payment).service(list_deposit_payments);
}
