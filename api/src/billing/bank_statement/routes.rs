//! Bank statements over HTTP.

use actix_web::{get, post, web};
use domain::kernel::{BankStatementEntryId, BankStatementId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{BankStatementDocument, BankStatementDto, BankStatementsDto, EntryAllocation, EntryDto, EntryQuery};
use super::{allocate, read, receive};
use crate::app::App;
use crate::billing::rights;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::Principal;
use crate::http::problem::{Problem, Reply};
use crate::http::xml_body::XmlBody;
use crate::integration::camt;
use crate::integration::xml::Limits;

/// Send what your bank says about your accounts, as camt.053. Each statement is taken in once, and each movement that the bank numbers, too;
/// another statement under a number that is known is refused (409 `already-exists`).
/// Money that came is matched with the open invoices that ask to be paid to the account: by the numbers of invoices in its texts and
/// its amount. What is sure is booked as a confirmed payment; a payment that the payer recorded for the same is confirmed. The
/// rest stays open, with the reason. Faults point to elements.
#[utoipa::path(tag = "billing", request_body(content((BankStatementDocument = "application/xml"))),
    security(("person" = []), ("client" = ["billing:write"])),
    responses(
        (status = 200, description = "All of its statements are known: they are answered as they stand", body = BankStatementsDto),
        (status = 201, description = "They are taken in", body = BankStatementsDto, headers(("Location" = String)))))]
#[post("/v1/bank-statements")]
pub async fn receive_bank_statement(app: web::Data<App>, call: Call, by: Principal, body: XmlBody) -> Reply {
    by.require(rights::PAY)?;
    let work = move || camt::read(&body.0, &Limits::default());
    let message = tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))??;
    command(&app, &call, &by, async |tx, command| receive::receive(tx, command, &message).await).await
}

/// The bank statements that you sent, the last one first.
#[utoipa::path(tag = "billing", params(PageQuery), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "A page of statements", body = Items<BankStatementDto>)))]
#[get("/v1/bank-statements")]
pub async fn list_bank_statements(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = read::list(&mut *app.pool.get().await?, &by, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// One bank statement, and how many of its entries stand where.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "The statement", body = BankStatementDto)))]
#[get("/v1/bank-statements/{id}")]
pub async fn find_bank_statement(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<BankStatementId>,
) -> Reply {
    let found = read::find(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    answer::read(&call, by.organisation_id(), &found, None)
}

/// The entries of a bank statement in its order, with what became of them.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path), EntryQuery),
    security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "A page of entries", body = Items<EntryDto>)))]
#[get("/v1/bank-statements/{id}/entries")]
pub async fn list_bank_statement_entries(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<BankStatementId>,
    query: web::Query<EntryQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = read::entries(&mut *app.pool.get().await?, &by, *id, &query, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Say what money that came is for: an open entry becomes a confirmed payment of the buyer of these invoices, and of one that is booked in
/// part the rest is allocated.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), request_body = EntryAllocation,
    security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 200, description = "It is booked, and the invoices are paid by it", body = EntryDto)))]
#[post("/v1/bank-statement-entries/{id}/allocate")]
pub async fn allocate_bank_statement_entry(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<BankStatementEntryId>,
    body: Body<EntryAllocation>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| allocate::allocate(tx, command, *id, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(receive_bank_statement).service(list_bank_statements).service(find_bank_statement);
    config.service(list_bank_statement_entries).service(allocate_bank_statement_entry);
}
