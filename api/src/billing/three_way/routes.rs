//! The three-way match over HTTP.

use actix_web::{get, post, put, web};
use domain::billing::three_way::MatchStep;
use domain::kernel::{InvoiceId, OrganisationId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::decide::decide;
use super::dto::TolerancesDto;
use super::tolerance;
use crate::app::App;
use crate::billing::dto::InvoiceDto;
use crate::command::command;
use crate::contract::dto::Grounds;
use crate::http::answer;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// How far invoices to your organisation may be above order and receipt.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "The tolerances", body = TolerancesDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}/invoice-tolerances")]
pub async fn find_invoice_tolerances(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
) -> Reply {
    let (found, version) = tolerance::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Have invoices that arrive matched with order and receipt. One with differences beyond the tolerances is held: nothing is paid for it
/// until somebody approves it.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = TolerancesDto,
    security(("person" = [])),
    responses((status = 200, description = "They are in force", body = TolerancesDto, headers(("ETag" = String)))))]
#[put("/v1/organisations/{id}/invoice-tolerances")]
pub async fn keep_invoice_tolerances(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<TolerancesDto>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| tolerance::keep(tx, command, *id, expected, &body.0).await).await
}

/// Approve an invoice that is held, and say why. Whoever ordered or received the goods cannot.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), request_body = Grounds, security(("person" = [])),
    responses((status = 200, description = "It can be paid", body = InvoiceDto)))]
#[post("/v1/invoices/{id}/approve")]
pub async fn approve_invoice(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<InvoiceId>,
    body: Body<Grounds>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| {
        decide(tx, command, *id, (MatchStep::Approve, &body.0.reason), &languages).await
    })
    .await
}

/// Dispute an invoice that is held, and tell the seller why. A credit note over what is too much settles it.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), request_body = Grounds, security(("person" = [])),
    responses((status = 200, description = "It is disputed", body = InvoiceDto)))]
#[post("/v1/invoices/{id}/dispute")]
pub async fn dispute_invoice(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<InvoiceId>,
    body: Body<Grounds>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| {
        decide(tx, command, *id, (MatchStep::Dispute, &body.0.reason), &languages).await
    })
    .await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(find_invoice_tolerances).service(keep_invoice_tolerances);
    config.service(approve_invoice).service(dispute_invoice);
}
