//! Invoices over HTTP.

use actix_web::{delete, get, post, web};
use domain::kernel::InvoiceId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CreditData, InvoiceData, InvoiceDto, InvoiceQuery, InvoiceSummary, IssueData, PaperQuery};
use super::print::Printed;
use super::{credit, print, usecase};
use crate::app::App;
use crate::command::command;
use crate::document::content;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Your invoices and credit notes, newest first: your own, and those issued to you.
#[utoipa::path(tag = "billing", params(InvoiceQuery), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "A page of invoices", body = Items<InvoiceSummary>)))]
#[get("/v1/invoices")]
pub async fn list_invoices(app: web::Data<App>, call: Call, by: Principal, query: web::Query<InvoiceQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &query, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Invoice what was received under a contract and is not invoiced yet: as a draft, or with `issue` at once.
#[utoipa::path(tag = "billing", request_body = InvoiceData, security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 201, description = "The draft, or the issued invoice", body = InvoiceDto,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/invoices")]
pub async fn create_invoice(app: web::Data<App>, call: Call, by: Principal, body: Body<InvoiceData>) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &body.0, &languages).await).await
}

/// An issued invoice as a PDF, as it was issued. It is the same file at every call.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path), PaperQuery),
    security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "The printed invoice", content_type = "application/pdf", body = String)))]
#[get("/v1/invoices/{id}.pdf")]
pub async fn print_invoice(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<InvoiceId>,
    query: web::Query<PaperQuery>,
) -> Reply {
    let printed =
        print::printed(&mut *app.pool.get().await?, &by, (*id, app.clock.now()), query.language.as_deref()).await?;
    match printed {
        Printed::Published(stored) => content::of(&app, &call, &stored, true).await,
        Printed::Paper(paper) => {
            let (name, bytes) = print::render(*paper).await?;
            Ok(answer::file(&name, "application/pdf", bytes))
        }
    }
}

/// An issued invoice in UBL 2.1, as EN 16931 wants it.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "The invoice", content_type = "application/xml", body = String)))]
#[get("/v1/invoices/{id}.xml")]
pub async fn exchange_invoice(app: web::Data<App>, by: Principal, id: web::Path<InvoiceId>) -> Reply {
    let (name, xml) = print::ubl(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    Ok(answer::file(&name, "application/xml", xml.into_bytes()))
}

/// One invoice or credit note that you see.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "The invoice", body = InvoiceDto, headers(("ETag" = String)))))]
#[get("/v1/invoices/{id}")]
pub async fn find_invoice(app: web::Data<App>, call: Call, by: Principal, id: web::Path<InvoiceId>) -> Reply {
    let (found, version) =
        usecase::find(&mut *app.pool.get().await?, &by, *id, app.clock.now(), &call.languages()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Throw a draft away. What was issued is credited instead.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["billing:write"])), responses((status = 204, description = "It is gone")))]
#[delete("/v1/invoices/{id}")]
pub async fn discard_invoice(app: web::Data<App>, call: Call, by: Principal, id: web::Path<InvoiceId>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::discard(tx, command, *id, expected).await).await
}

/// Issue a draft. It gets the next number of your series, without gaps, and both sides book it.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), request_body = IssueData,
    security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 200, description = "It is issued", body = InvoiceDto)))]
#[post("/v1/invoices/{id}/issue")]
pub async fn issue_invoice(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<InvoiceId>,
    body: Body<IssueData>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| usecase::issue(tx, command, *id, &body.0, &languages).await).await
}

/// Credit an issued invoice, whole or in part. The credit note has a number of its own and is issued at once.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), request_body = CreditData,
    security(("person" = []), ("client" = ["billing:write"])),
    responses((status = 201, description = "The credit note", body = InvoiceDto, headers(("Location" = String)))))]
#[post("/v1/invoices/{id}/credit")]
pub async fn credit_invoice(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<InvoiceId>,
    body: Body<CreditData>,
) -> Reply {
    let languages = call.languages();
    command(&app, &call, &by, async |tx, command| credit::credit(tx, command, *id, &body.0, &languages).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_invoices).service(create_invoice).service(print_invoice).service(exchange_invoice);
    config.service(find_invoice).service(discard_invoice).service(issue_invoice).service(credit_invoice);
}
