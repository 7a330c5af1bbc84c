//! Commission over HTTP.

use actix_web::{get, put, web};
use domain::kernel::CommissionStatementId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CommissionStatementDto, CommissionStatementSummary, CommissionTermsDto};
use super::{statement, terms};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// What sellers are charged on a portal. For the operator.
#[utoipa::path(tag = "billing", params(("portal" = String, Path)), security(("person" = [])),
    responses((status = 200, description = "The terms", body = CommissionTermsDto, headers(("ETag" = String)))))]
#[get("/v1/portals/{portal}/commissions")]
pub async fn find_commission_terms(app: web::Data<App>, call: Call, by: Principal, portal: web::Path<String>) -> Reply {
    let (found, version) = terms::find(&mut *app.pool.get().await?, &by, &portal).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Set what sellers are charged on a portal, by category. Sales that were made keep the rates they were made at. For the operator.
#[utoipa::path(tag = "billing", params(("portal" = String, Path), ("If-Match" = String, Header)), request_body = CommissionTermsDto,
    security(("person" = [])),
    responses((status = 200, description = "The terms", body = CommissionTermsDto, headers(("ETag" = String)))))]
#[put("/v1/portals/{portal}/commissions")]
pub async fn keep_commission_terms(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    portal: web::Path<String>,
    body: Body<CommissionTermsDto>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| terms::keep(tx, command, &portal, expected, &body.0).await).await
}

/// Commission by the month, newest first: what you are charged, and what you charge.
#[utoipa::path(tag = "billing", params(PageQuery), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "A page of statements", body = Items<CommissionStatementSummary>)))]
#[get("/v1/commission-statements")]
pub async fn list_commission_statements(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = statement::list(&mut *app.pool.get().await?, &by, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// The commission of one month with all that it consists of.
#[utoipa::path(tag = "billing", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["billing:read"])),
    responses((status = 200, description = "The statement", body = CommissionStatementDto, headers(("ETag" = String)))))]
#[get("/v1/commission-statements/{id}")]
pub async fn find_commission_statement(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<CommissionStatementId>,
) -> Reply {
    let (found, version) = statement::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(find_commission_terms).service(keep_commission_terms);
    config.service(list_commission_statements).service(find_commission_statement);
}
