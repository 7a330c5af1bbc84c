//! Imports over HTTP.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpResponse, get, post, web};
use domain::kernel::ImportId;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{ImportCatalogue, ImportDto, ImportError, ImportLines, ImportOptions, ImportTable, ImportUpload};
use super::{errors, upload, usecase};
use crate::app::App;
use crate::catalogue::rights;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::call::Call;
use crate::http::cursor::PageQuery;
use crate::http::principal::Principal;
use crate::http::problem::Reply;

/// Bring products, prices or stock as a file: CSV, NDJSON or a catalogue of UBL 2.1, in a form or bare. It is taken on and worked off in the background; one
/// bad row stops no other, and the same file twice changes nothing.
#[utoipa::path(tag = "catalogue", params(ImportOptions),
    request_body(content((ImportUpload = "multipart/form-data"), (ImportTable = "text/csv"), (ImportLines = "application/x-ndjson"), (ImportCatalogue = "application/xml"))),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 202, description = "It is taken on; `Location` shows how it goes", body = ImportDto,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/imports")]
pub async fn create_import(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    query: web::Query<ImportOptions>,
    payload: web::Payload,
) -> Reply {
    by.require(rights::EDIT)?;
    call.idempotency_key(by.scope())?;
    let (options, file) = upload::receive(&app, &call, query.into_inner(), payload).await?;
    let work = async |tx: &mut _, command: &_| usecase::create(tx, command, &options, &file).await;
    let reply = command(&app, &call, &by, work).await;
    upload::settle(&app, &file).await?;
    reply
}

/// Your imports, newest first.
#[utoipa::path(tag = "catalogue", params(PageQuery), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of imports", body = Items<ImportDto>)))]
#[get("/v1/imports")]
pub async fn list_imports(app: web::Data<App>, call: Call, by: Principal, query: web::Query<PageQuery>) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::list(&mut *app.pool.get().await?, &by, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// How an import goes.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The import", body = ImportDto, headers(("ETag" = String)))))]
#[get("/v1/imports/{id}")]
pub async fn find_import(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ImportId>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// What was refused of a file, by row, with the column and the reason.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), PageQuery),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "A page of errors", body = Items<ImportError>)))]
#[get("/v1/imports/{id}/errors")]
pub async fn list_import_errors(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ImportId>,
    query: web::Query<PageQuery>,
) -> Reply {
    let page = query.page(&app, &call, &by)?;
    let found = usecase::errors(&mut *app.pool.get().await?, &by, *id, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// All that was refused of a file, as a table to download.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "CSV: row, sku, column, code, detail", content_type = "text/csv", body = String)))]
#[get("/v1/imports/{id}/errors.csv")]
pub async fn download_import_errors(app: web::Data<App>, by: Principal, id: web::Path<ImportId>) -> Reply {
    let job = usecase::own(&mut *app.pool.get().await?, &by, *id).await?;
    let mut response = HttpResponse::Ok();
    response
        .content_type("text/csv; charset=utf-8")
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"errors-{}.csv\"", job.id)));
    let table = errors::table(app.get_ref().clone(), job.id);
    Ok(response.streaming(table))
}

/// Stop an import. What it did before stays done.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "It is cancelled", body = ImportDto)))]
#[post("/v1/imports/{id}/cancel")]
pub async fn cancel_import(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ImportId>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::cancel(tx, command, *id).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(create_import).service(list_imports).service(find_import);
    config.service(list_import_errors).service(download_import_errors).service(cancel_import);
}
