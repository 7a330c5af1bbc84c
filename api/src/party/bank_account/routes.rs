//! Bank accounts over HTTP.

use actix_web::{delete, get, post, web};
use domain::kernel::{BankAccountId, OrganisationId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{BankAccountData, BankAccountDto};
use super::usecase;
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::Body;
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// The bank accounts of your organisation.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "A page of bank accounts", body = Items<BankAccountDto>)))]
#[get("/v1/organisations/{id}/bank-accounts")]
pub async fn list_bank_accounts(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Add a bank account. Its numbers are checked: IBAN and BIC, or the key of a Russian account with its BIK.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path)), request_body = BankAccountData,
    security(("person" = []), ("client" = ["organisation:write"])),
    responses((status = 201, description = "It is added", body = BankAccountDto,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/organisations/{id}/bank-accounts")]
pub async fn add_bank_account(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<OrganisationId>,
    body: Body<BankAccountData>,
) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::add(tx, command, *id, &body.0).await).await
}

/// One bank account of your organisation.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("account" = Uuid, Path)),
    security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "The bank account", body = BankAccountDto, headers(("ETag" = String)))))]
#[get("/v1/organisations/{id}/bank-accounts/{account}")]
pub async fn find_bank_account(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, BankAccountId)>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *path).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Take a bank account out of use. Invoices that name it keep it.
#[utoipa::path(tag = "party", params(("id" = Uuid, Path), ("account" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["organisation:write"])),
    responses((status = 204, description = "It is out of use")))]
#[delete("/v1/organisations/{id}/bank-accounts/{account}")]
pub async fn archive_bank_account(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(OrganisationId, BankAccountId)>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::archive(tx, command, *path, expected).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_bank_accounts).service(add_bank_account);
    config.service(find_bank_account).service(archive_bank_account);
}
