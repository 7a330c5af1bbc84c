//! Documents over HTTP.

use actix_multipart::Multipart;
use actix_web::{delete, get, patch, post, web};
use domain::kernel::DocumentId;
use infra::db::page::List;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{
    ContentQuery, DocumentData, DocumentDto, DocumentProfile, DocumentQuery, DocumentUpload, FileDto, LinkData,
    LinkDto, VersionUpload,
};
use super::{content, rights, upload, usecase};
use crate::app::App;
use crate::command::command;
use crate::http::answer::{self, Items};
use crate::http::body::{Body, Patch};
use crate::http::call::Call;
use crate::http::cursor;
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// The documents that you see and that are not archived, newest first.
#[utoipa::path(tag = "document", params(DocumentQuery), security((), ("person" = []), ("client" = ["documents:read"])),
    responses((status = 200, description = "A page of documents", body = Items<DocumentDto>)))]
#[get("/v1/documents")]
pub async fn list_documents(app: web::Data<App>, call: Call, by: Viewer, query: web::Query<DocumentQuery>) -> Reply {
    let context = cursor::context(&call, by.organisation_id());
    let page = cursor::page(&app.secret, &context, query.limit, query.cursor.as_deref())?;
    let found = usecase::list(&mut *app.pool.get().await?, by.principal(), &query, &page, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), found)
}

/// Upload a file as a document. The content decides what it is; the same file with the same key is the same document.
#[utoipa::path(tag = "document", request_body(content = DocumentUpload, content_type = "multipart/form-data"),
    security(("person" = []), ("client" = ["documents:write"])),
    responses((status = 201, description = "The document", body = DocumentDto,
        headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/documents")]
pub async fn upload_document(app: web::Data<App>, call: Call, by: Principal, form: Multipart) -> Reply {
    by.require(rights::WRITE)?;
    call.idempotency_key(by.scope())?;
    let (data, file) = upload::with_data::<DocumentData>(&app, &call, form).await?;
    command(&app, &call, &by, async |tx, command| usecase::create(tx, command, &data, &file).await).await
}

/// One document that you see.
#[utoipa::path(tag = "document", params(("id" = Uuid, Path)), security((), ("person" = []), ("client" = ["documents:read"])),
    responses((status = 200, description = "The document", body = DocumentDto, headers(("ETag" = String)))))]
#[get("/v1/documents/{id}")]
pub async fn find_document(app: web::Data<App>, call: Call, by: Viewer, id: web::Path<DocumentId>) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, by.principal(), *id, app.clock.now()).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Download a file of a document, as an attachment. A signed link needs no token.
#[utoipa::path(tag = "document", params(("id" = Uuid, Path), ContentQuery),
    security((), ("person" = []), ("client" = ["documents:read"])),
    responses((status = 200, description = "The file; its ETag is its SHA-256", content_type = "application/octet-stream",
        body = String, headers(("ETag" = String)))))]
#[get("/v1/documents/{id}/content")]
pub async fn download_document(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    id: web::Path<DocumentId>,
    query: web::Query<ContentQuery>,
) -> Reply {
    let at = app.clock.now();
    let mut connection = app.pool.get().await?;
    let file = usecase::file(&mut connection, &app.secret, by.principal(), *id, &query, at).await?;
    drop(connection);
    content::of(&app, &call, &file, by.principal().is_some() || query.signature.is_some()).await
}

/// All files of a document, newest first.
#[utoipa::path(tag = "document", params(("id" = Uuid, Path)), security((), ("person" = []), ("client" = ["documents:read"])),
    responses((status = 200, description = "The files", body = Items<FileDto>)))]
#[get("/v1/documents/{id}/versions")]
pub async fn list_document_versions(app: web::Data<App>, call: Call, by: Viewer, id: web::Path<DocumentId>) -> Reply {
    let items = usecase::versions(&mut *app.pool.get().await?, by.principal(), *id, app.clock.now()).await?;
    answer::list(&app, &call, by.organisation_id(), List { items, next: None })
}

/// Upload a new version of a document. The earlier ones stay; what was published takes none.
#[utoipa::path(tag = "document", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    request_body(content = VersionUpload, content_type = "multipart/form-data"),
    security(("person" = []), ("client" = ["documents:write"])),
    responses((status = 200, description = "The document with its new file", body = DocumentDto, headers(("ETag" = String)))))]
#[post("/v1/documents/{id}/versions")]
pub async fn add_document_version(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<DocumentId>,
    form: Multipart,
) -> Reply {
    usecase::check_own(&mut *app.pool.get().await?, &by, *id, app.clock.now()).await?;
    let expected = call.if_match()?;
    let file = upload::file(&app, &call, form).await?;
    command(&app, &call, &by, async |tx, command| usecase::add_version(tx, command, *id, expected, &file).await).await
}

/// Change the title of a document, or who sees it.
#[utoipa::path(tag = "document", params(("id" = Uuid, Path), ("If-Match" = String, Header)), request_body = DocumentProfile,
    security(("person" = []), ("client" = ["documents:write"])),
    responses((status = 200, description = "As it is now", body = DocumentDto, headers(("ETag" = String)))))]
#[patch("/v1/documents/{id}")]
pub async fn edit_document(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<DocumentId>,
    body: Patch<DocumentProfile>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *id, expected, &body).await).await
}

/// Archive a document: lists leave it out and links to it end. Who saw it still reads it.
#[utoipa::path(tag = "document", params(("id" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["documents:write"])), responses((status = 204, description = "It is archived")))]
#[delete("/v1/documents/{id}")]
pub async fn archive_document(app: web::Data<App>, call: Call, by: Principal, id: web::Path<DocumentId>) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::archive(tx, command, *id, expected).await).await
}

/// Publish a document: everybody sees it for good, and its file keeps its hash.
#[utoipa::path(tag = "document", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["documents:write"])),
    responses((status = 200, description = "It is published", body = DocumentDto)))]
#[post("/v1/documents/{id}/publish")]
pub async fn publish_document(app: web::Data<App>, call: Call, by: Principal, id: web::Path<DocumentId>) -> Reply {
    command(&app, &call, &by, async |tx, command| usecase::publish(tx, command, *id).await).await
}

/// Make a link to the newest file that needs no token. It expires, and ends when the document is archived.
#[utoipa::path(tag = "document", params(("id" = Uuid, Path)), request_body = LinkData,
    security(("person" = []), ("client" = ["documents:write"])),
    responses((status = 201, description = "The link", body = LinkDto, headers(("Location" = String)))))]
#[post("/v1/documents/{id}/links")]
pub async fn share_document(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<DocumentId>,
    body: Body<LinkData>,
) -> Reply {
    let key = &app.secret;
    command(&app, &call, &by, async |tx, command| usecase::share(tx, command, key, *id, &body.0).await).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_documents).service(upload_document).service(find_document).service(edit_document);
    config.service(archive_document).service(download_document).service(list_document_versions);
    config.service(add_document_version).service(publish_document).service(share_document);
}
