//! Credit over HTTP.

use actix_web::{get, patch, post, web};
use domain::kernel::{CreditLineId, OrderId, OrganisationId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreditEntryDto, CreditLimitData, CreditLineDto, CreditQuery};
use super::{hold, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::ordering::dto::OrderDto;

/// The credit that your organisation gives its buyers, or with `role=buyer` is given by its sellers.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), CreditQuery),
    security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "A page of credit lines", body = Items<CreditLineDto>)))]
#[get("/v1/organisations/{id}/credit-lines")]
pub async fn list_credit_lines(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<CreditQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, *id, &query, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Give a buyer credit in a currency. Its open orders and unpaid invoices count from the beginning.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), request_body = CreditLimitData,
    security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 201, description = "It is given", body = CreditLineDto,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/organisations/{id}/credit-lines")]
pub async fn create_credit_line(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<CreditLimitData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, *id, &body.0).await).await
}

/// One credit line, for the seller who gives it and the buyer who has it.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("line" = Uuid, Path)),
    security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "The credit line", body = CreditLineDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}/credit-lines/{line}")]
pub async fn find_credit_line(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, CreditLineId)>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *path).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Change limit, payment days or state of credit that you give.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("line" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = CreditLimitData, security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is changed", body = CreditLineDto, headers(("ETag" = String)))))]
#[patch("/v1/organisations/{id}/credit-lines/{line}")]
pub async fn edit_credit_line(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, CreditLineId)>,
    body: Patch<CreditLimitData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *path, expected, &body).await).await
}

/// What bound and freed the credit: orders, invoices, payments and credit notes, newest first. Their sum is the exposure.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path), ("line" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["orders:read"])),
    responses((status = 200, description = "A page of entries", body = Items<CreditEntryDto>)))]
#[get("/v1/organisations/{id}/credit-lines/{line}/entries")]
pub async fn list_credit_entries(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, CreditLineId)>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::entries(&mut *app.pool.get().await?, &by, *path, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Consent to an order to you that is over its buyer's credit; you can confirm it then.
#[utoipa::path(tag = "ordering", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["orders:write"])),
    responses((status = 200, description = "It is released", body = OrderDto)))]
#[post("/v1/orders/{id}/release")]
pub async fn release_order(app: web::Data<App>, call: Call, by: Principal, id: web::Path<OrderId>) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| hold::release(tx, command, *id, &languages).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_credit_lines).service(create_credit_line).service(find_credit_line).service(edit_credit_line);
    config.service(list_credit_entries).service(release_order);
}
