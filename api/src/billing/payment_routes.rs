//! Payments and accounts over HTTP.

use actix_web::{get, post, web};
use domain::kernel::{AccountId, PaymentId};
use infra::db::page::List;
use utoipa_actix_web::service_config::ServiceConfig;

use super::payment_dto::{
    AccountDto, PaymentAllocation, PaymentConfirmation, PaymentData, PaymentDto, PaymentQuery, PaymentRejection,
    PostingDto,
};
use super::{account, payment};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Your payments, newest first: those you made, and those to you.
#[utoipa::path(tag = "billing", params(PaymentQuery), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "A page of payments", body = Items<PaymentDto>)))]
#[get("/v1/payments")]
pub async fn list_payments(app: web::Data<App>, call: Call, by: Principal, query: web::Query<PaymentQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = payment::list(&mut *app.pool.get().await?, &by, &query, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Record a payment that you made. The payee confirms it; until then no invoice is paid by it.
#[utoipa::path(tag = "billing", request_body = PaymentData, security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 201, description = "It is recorded", body = PaymentDto, headers(("Location" = String)))))]
#[post("/v1/payments")]
pub async fn record_payment(app: web::Data<App>, call: Call, by: Principal, body: Body<PaymentData>) -> Reply {
    command(&app, &call, &by, async |tx, command| payment::record(tx, command, &body.0).await).await
}

/// One payment from or to you.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "The payment", body = PaymentDto, headers(("ETag" = String)))))]
#[get("/v1/payments/{id}")]
pub async fn find_payment(app: web::Data<App>, call: Call, by: Principal, id: web::Path<PaymentId>) -> Reply {
    let (found, version) = payment::find(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Confirm that a payment to you has arrived. It is booked, and the invoices it is for are paid by it.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), request_body = PaymentConfirmation,
    security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 200, description = "It is confirmed", body = PaymentDto)))]
#[post("/v1/payments/{id}/confirm")]
pub async fn confirm_payment(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<PaymentId>,
    body: Body<PaymentConfirmation>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| payment::confirm(tx, command, *id, &body.0).await).await
}

/// Say which invoices money on account is for: what of a confirmed payment to you is for none. It was booked as it arrived.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), request_body = PaymentAllocation,
    security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 200, description = "The invoices are paid by it", body = PaymentDto)))]
#[post("/v1/payments/{id}/allocate")]
pub async fn allocate_payment(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<PaymentId>,
    body: Body<PaymentAllocation>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| payment::allocate_rest(tx, command, *id, &body.0).await).await
}

/// Reject a payment to you that never arrived.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), request_body = PaymentRejection,
    security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 200, description = "It is rejected", body = PaymentDto)))]
#[post("/v1/payments/{id}/reject")]
pub async fn reject_payment(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<PaymentId>,
    body: Body<PaymentRejection>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| payment::reject(tx, command, *id, &body.0).await).await
}

/// The accounts of your books with their balances: one of each kind and currency that was used.
#[utoipa::path(tag = "billing", security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "All of them", body = Items<AccountDto>)))]
#[get("/v1/accounts")]
pub async fn list_accounts(app: web::Data<App>, call: Call, by: Principal) -> Reply {
    let items = account::list(&mut *app.pool.get().await?, &by, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), List { items, next: None })
}

/// The postings to one of your accounts, newest first.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "A page of postings", body = Items<PostingDto>)))]
#[get("/v1/accounts/{id}/postings")]
pub async fn list_postings(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<AccountId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = account::postings(&mut *app.pool.get().await?, &by, *id, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_payments).service(record_payment).service(find_payment);
    config
        .service(confirm_payment)
        .service(allocate_payment)
        .service(reject_payment)
        .service(list_accounts)
        .service(list_postings);
}
