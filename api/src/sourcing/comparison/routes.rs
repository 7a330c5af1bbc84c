//! Comparisons over HTTP, and what the buyer says of quotes.

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use actix_web::{get, post, put, web};
use domain::kernel::{QuoteId, RfqId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{EvaluationDto, ExclusionData};
use super::show::ComparisonDto;
use super::{evaluate, exclude, read, render, xlsx};
use crate::app::App;
use crate::command::command;
use crate::http::answer;
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::principal::Principal;
use crate::http::problem::Reply;
use crate::sourcing::quote::show::QuoteDto;

/// The media type of workbooks.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The quotes to a request of yours side by side: each offer at its landed cost, totals, scores with their computation, and the best total, split
/// and combination. Sealed quotes are compared once all of them are open.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "The comparison", body = ComparisonDto, headers(("ETag" = String)))))]
#[get("/v1/rfqs/{id}/comparison")]
pub async fn compare_quotes(app: web::Data<App>, call: Call, by: Principal, id: web::Path<RfqId>) -> Reply {
    let (compared, tag) = read::compared(&mut *app.pool.get().await?, &app, &by, *id).await?;
    Ok(answer::conditional(&call, Some(tag), render::json(&compared).await?, true))
}

/// The same as a workbook of three sheets: lines by quotes, the quotes, and the best choices line by line.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "A workbook",
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = String, headers(("ETag" = String)))))]
#[get("/v1/rfqs/{id}/comparison.xlsx")]
pub async fn compare_quotes_in_workbook(app: web::Data<App>, call: Call, by: Principal, id: web::Path<RfqId>) -> Reply {
    let (compared, tag) = read::compared(&mut *app.pool.get().await?, &app, &by, *id).await?;
    let mut response = answer::conditional(&call, Some(tag), xlsx::workbook(&compared).await?, true);
    if response.headers().contains_key(CONTENT_TYPE) {
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(WORKBOOK));
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"comparison.xlsx\""));
    }
    Ok(response)
}

/// What you say of a quote to a request of yours.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["sourcing:read"])),
    responses((status = 200, description = "As it was said last", body = EvaluationDto, headers(("ETag" = String)))))]
#[get("/v1/quotes/{id}/evaluation")]
pub async fn find_quote_evaluation(app: web::Data<App>, call: Call, by: Principal, id: web::Path<QuoteId>) -> Reply {
    let (found, version) = evaluate::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Score a quote that you have opened, say what it costs beside, and which of its alternatives you accept: in place of what you said before. The
/// comparison counts with it at once.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = EvaluationDto,
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "As it is now", body = EvaluationDto, headers(("ETag" = String)))))]
#[put("/v1/quotes/{id}/evaluation")]
pub async fn keep_quote_evaluation(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<QuoteId>,
    body: Body<EvaluationDto>,
) -> Reply {
    let expected = call.if_match()?;
    let work = async |tx: &mut _, command: &_| evaluate::keep(tx, command, &app, *id, expected, &body.0).await;
    command(&app, &call, &by, work).await
}

/// Exclude a quote that you have opened, or the technical part of it: it does not compete any more. What is still sealed of it is never opened.
#[utoipa::path(tag = "sourcing", params(("id" = Uuid, Path)), request_body = ExclusionData,
    security(("person" = []), ("client" = ["sourcing:write"])),
    responses((status = 200, description = "It does not compete any more", body = QuoteDto, headers(("ETag" = String)))))]
#[post("/v1/quotes/{id}/exclude")]
pub async fn exclude_quote(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<QuoteId>,
    body: Body<ExclusionData>,
) -> Reply {
    let work = async |tx: &mut _, command: &_| exclude::exclude(tx, command, &app, *id, &body.0).await;
    command(&app, &call, &by, work).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(compare_quotes).service(compare_quotes_in_workbook);
    config.service(find_quote_evaluation).service(keep_quote_evaluation).service(exclude_quote);
}
