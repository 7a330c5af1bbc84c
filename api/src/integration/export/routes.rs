//! Exports over HTTP.

use actix_web::{delete, get, post, web};
use domain::kernel::ExportId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::ExportDto;
use super::{content, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Have everything that your organisation owns written to a file, in the background. It has a line of JSON for each thing:
/// `{"type": "order", "id": …, "data": …}`, where `data` is what the thing's own address answers to you. Types: `organisation`, `member`,
/// `invitation`, `api_client`, `bank_account`, `cost_centre`, `budget`, `buyer_group`, `warehouse`, `product`, `stock`, `offer`,
/// `price_list`, `credit_line`, `requisition_list`, `standing_order`, `price_proposal`, `order`, `contract`, `delivery`, `return`,
/// `invoice`, `credit_note`, `payment`, `commission_statement`, `account`, `ledger_entry` (with its postings), `document` (without its
/// files), `exchange_order`, `exchange_trade`, `auction`, `auction_bids` (all of yours in one auction), `rfq_template`, `rfq`, `quote`,
/// `rfq_award`, `framework_agreement`, `event`. Each is written as it is when its turn comes; events up to when you asked. What a machine
/// may not read by the scopes of its token is left out. Five exports may wait, and twenty be kept; one is written at a time.
#[utoipa::path(tag = "integration", security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 202, description = "It is taken on; `Location` shows how it goes", body = ExportDto,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/exports")]
pub async fn create_export(app: web::Data<App>, call: Call, by: Principal) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command).await).await
}

/// Your organisation's exports, newest first.
#[utoipa::path(tag = "integration", params(PageQuery), security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "A page of exports", body = Items<ExportDto>)))]
#[get("/v1/exports")]
pub async fn list_exports(app: web::Data<App>, call: Call, by: Principal, query: web::Query<PageQuery>) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// How an export goes. Seven days after it is over it is removed.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "The export", body = ExportDto, headers(("ETag" = String)))))]
#[get("/v1/exports/{id}")]
pub async fn find_export(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ExportId>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// The file of a finished export, packed by gzip where `Accept-Encoding` takes that.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["organisation:read"])),
    responses((status = 200, description = "NDJSON", content_type = "application/x-ndjson", body = String,
        headers(("ETag" = String)))))]
#[get("/v1/exports/{id}/content")]
pub async fn download_export(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ExportId>) -> Reply {
    let parts = usecase::parts(&mut *app.pool.get().await?, &by, *id).await?;
    content::send(&app, &call, id.0, parts)
}

/// Remove an export with its file. One that is not over stops. Nothing of an export is ever edited, so no ETag is asked for.
#[utoipa::path(tag = "integration", params(("id" = Uuid, Path)),
    security(("person" = []), ("client" = ["organisation:read"])), responses((status = 204, description = "Removed")))]
#[delete("/v1/exports/{id}")]
pub async fn remove_export(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ExportId>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::remove(tx, command, *id).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(create_export).service(list_exports).service(find_export);
    config.service(download_export).service(remove_export);
}
