//! Collective invoices over HTTP.

use actix_web::{delete, get, post, web};
use domain::kernel::OrganisationId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::collective;
use super::collective_dto::{CollectiveData, CollectiveDto, CollectiveInvoiceData, CollectiveInvoices};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Invoice at once all that a buyer has received from you: one invoice over all contracts of a currency and a term of payment.
#[utoipa::path(tag = "billing", request_body = CollectiveInvoiceData,
    security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 201, description = "What was made", body = CollectiveInvoices, headers(("Location" = String)))))]
#[post("/v1/collective-invoices")]
pub async fn create_collective_invoice(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    body: Body<CollectiveInvoiceData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| collective::create(tx, command, &body.0).await).await
}

/// The buyers whom you invoice once a month.
#[utoipa::path(tag = "billing", params(PageQuery), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "A page of buyers", body = Items<CollectiveDto>)))]
#[get("/v1/collective-invoicing")]
pub async fn list_collective_invoicing(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = collective::list(&mut *app.pool.get().await?, &by, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Invoice a buyer once a month: as it ends (in UTC), all that was received and is not invoiced.
#[utoipa::path(tag = "billing", request_body = CollectiveData,
    security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 201, description = "It is so from now on", body = CollectiveDto, headers(("Location" = String)))))]
#[post("/v1/collective-invoicing")]
pub async fn set_collective_invoicing(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    body: Body<CollectiveData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| collective::set(tx, command, &body.0).await).await
}

/// Invoice a buyer by hand again.
#[utoipa::path(tag = "billing", params(("buyer" = Uuid, Path)), security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 204, description = "It is so from now on")))]
#[delete("/v1/collective-invoicing/{buyer}")]
pub async fn clear_collective_invoicing(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    buyer: web::Path<OrganisationId>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| collective::clear(tx, command, *buyer).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(create_collective_invoice).service(list_collective_invoicing);
    config.service(set_collective_invoicing).service(clear_collective_invoicing);
}
