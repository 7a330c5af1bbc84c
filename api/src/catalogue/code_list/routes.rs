//! Code lists over HTTP.

use actix_multipart::Multipart;
use actix_web::{get, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{CodeDto, CodeListDto, CodeListUpload, CodeQuery};
use super::{upload, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::call::Call;
use crate::http::cursor::{self, PageQuery};
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// The code lists that are loaded, by key.
#[utoipa::path(tag = "catalogue", params(PageQuery),
    responses((status = 200, description = "A page of code lists", body = Items<CodeListDto>)))]
#[get("/v1/code-lists")]
pub async fn list_code_lists(app: web::Data<App>, call: Call, by: Viewer, query: web::Query<PageQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::list(&mut *app.pool.get().await?, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Upload a code list, or a new edition of one (operator). Codes that are gone from it stay on the products that have them.
#[utoipa::path(tag = "catalogue", request_body(content = CodeListUpload, content_type = "multipart/form-data"),
    security(("person" = [])),
    responses((status = 200, description = "The new edition is in force", body = CodeListDto),
        (status = 201, description = "The list is loaded", body = CodeListDto, headers(("Location" = String)))))]
#[post("/v1/code-lists")]
pub async fn upload_code_list(app: web::Data<App>, call: Call, by: Principal, form: Multipart) -> Reply {
    by.require_operator()?;
    call.idempotency_key(by.scope())?;
    let (data, codes) = upload::read(&app, &call, form).await?;
    let load =
        async |tx: &mut _, command: &_| usecase::load(tx, command, &data.key, &data.name, &data.edition, &codes).await;
    command(&app, &call, &by, load).await
}

/// One code list.
#[utoipa::path(tag = "catalogue", params(("key" = String, Path)),
    responses((status = 200, description = "The code list", body = CodeListDto, headers(("ETag" = String)))))]
#[get("/v1/code-lists/{key}")]
pub async fn find_code_list(app: web::Data<App>, call: Call, by: Viewer, key: web::Path<String>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &key).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Load a code list that comes with the service, such as `okpd2` (operator).
#[utoipa::path(tag = "catalogue", params(("key" = String, Path)), security(("person" = [])),
    responses((status = 200, description = "It was there, and is as it came", body = CodeListDto),
        (status = 201, description = "It is loaded", body = CodeListDto, headers(("Location" = String)))))]
#[post("/v1/code-lists/{key}/load")]
pub async fn load_code_list(app: web::Data<App>, call: Call, by: Principal, key: web::Path<String>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::load_bundled(tx, command, &key).await).await
}

/// Codes of a list: those at the top, the children of one, or what is searched for.
#[utoipa::path(tag = "catalogue", params(("key" = String, Path), CodeQuery),
    responses((status = 200, description = "A page of codes, by code", body = Items<CodeDto>)))]
#[get("/v1/code-lists/{key}/codes")]
pub async fn list_codes(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    key: web::Path<String>,
    query: web::Query<CodeQuery>,
) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::codes(&mut *app.pool.get().await?, &key, &query, &page).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_code_lists).service(upload_code_list).service(find_code_list);
    config.service(load_code_list).service(list_codes);
}
