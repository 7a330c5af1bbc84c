//! Images and data sheets over HTTP.

use actix_multipart::Multipart;
use actix_web::{delete, get, patch, post, web};
use domain::kernel::{MediaId, OfferId, ProductId};
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{MediaData, MediaDto, MediaUpload, PreviewOfMedia, ProductMediaList};
use super::{file, usecase};
use crate::app::App;
use crate::command::command;
use crate::document::upload;
use crate::http::answer;
use crate::http::body::Patch;
use crate::http::call::Call;
use crate::http::principal::{Principal, Viewer};
use crate::http::problem::Reply;

/// The images and data sheets of one of your products, in order. The ETag is that of the product.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)), security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "All of them", body = ProductMediaList, headers(("ETag" = String)))))]
#[get("/v1/products/{id}/media")]
pub async fn list_media(app: web::Data<App>, call: Call, by: Principal, id: web::Path<ProductId>) -> Reply {
    let (found, version) = usecase::list(&mut *app.pool.get().await?, &by, *id).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// Add an image or a data sheet to one of your products. Previews of an image are made soon after; then it is shown with your offers.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path)),
    request_body(content = MediaUpload, content_type = "multipart/form-data"),
    security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 201, description = "Added", body = MediaDto, headers(("Location" = String), ("ETag" = String)))))]
#[post("/v1/products/{id}/media")]
pub async fn add_media(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    id: web::Path<ProductId>,
    form: Multipart,
) -> Reply {
    call.idempotency_key(by.scope())?;
    let name = usecase::expect_file(&app, &by, *id).await?;
    let (data, received) =
        upload::own_with_data::<MediaData>(&app, &call, form, "media", &file::name(name.0, None)).await?;
    command(&app, &call, &by, async |tx, command| usecase::add(tx, command, *id, name, &data, &received).await).await
}

/// An image or a data sheet of one of your products. Its ETag is that of the product.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("media" = Uuid, Path)),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "What is known of it", body = MediaDto, headers(("ETag" = String)))))]
#[get("/v1/products/{id}/media/{media}")]
pub async fn find_media(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(ProductId, MediaId)>,
) -> Reply {
    let (found, version) = usecase::find(&mut *app.pool.get().await?, &by, *path).await?;
    answer::read(&call, by.organisation_id(), &found, Some(version))
}

/// The file of an image or a data sheet of one of your products, or a preview of it.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("media" = Uuid, Path), PreviewOfMedia),
    security(("person" = []), ("client" = ["catalogue:read"])),
    responses((status = 200, description = "The bytes; the ETag is their hash", content_type = "application/octet-stream",
        headers(("ETag" = String)))))]
#[get("/v1/products/{id}/media/{media}/content")]
pub async fn media_content(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(ProductId, MediaId)>,
    query: web::Query<PreviewOfMedia>,
) -> Reply {
    let found = usecase::own_file(&mut *app.pool.get().await?, &by, *path, query.preview).await?;
    file::send(&app, &call, &found, true).await
}

/// Change the title of an image or a data sheet, or its place among the others.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("media" = Uuid, Path), ("If-Match" = String, Header)),
    request_body = MediaData, security(("person" = []), ("client" = ["catalogue:write"])),
    responses((status = 200, description = "As it is now", body = MediaDto, headers(("ETag" = String)))))]
#[patch("/v1/products/{id}/media/{media}")]
pub async fn edit_media(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(ProductId, MediaId)>,
    body: Patch<MediaData>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::edit(tx, command, *path, expected, &body).await).await
}

/// Remove an image or a data sheet with its files.
#[utoipa::path(tag = "catalogue", params(("id" = Uuid, Path), ("media" = Uuid, Path), ("If-Match" = String, Header)),
    security(("person" = []), ("client" = ["catalogue:write"])), responses((status = 204, description = "Removed")))]
#[delete("/v1/products/{id}/media/{media}")]
pub async fn remove_media(
    app: web::Data<App>,
    call: Call,
    by: Principal,
    path: web::Path<(ProductId, MediaId)>,
) -> Reply {
    let expected = call.if_match()?;
    command(&app, &call, &by, async |tx, command| usecase::remove(tx, command, *path, expected).await).await
}

/// The file of an image or a data sheet of an offer that you see, or a preview of it.
#[utoipa::path(tag = "catalogue",
    params(("portal" = String, Path, description = "Id or slug"), ("offer" = Uuid, Path), ("media" = Uuid, Path), PreviewOfMedia),
    responses((status = 200, description = "The bytes; the ETag is their hash", content_type = "application/octet-stream",
        headers(("ETag" = String)))))]
#[get("/v1/portals/{portal}/catalogue/{offer}/media/{media}")]
pub async fn offer_media(
    app: web::Data<App>,
    call: Call,
    by: Viewer,
    path: web::Path<(String, OfferId, MediaId)>,
    query: web::Query<PreviewOfMedia>,
) -> Reply {
    let (reader, now) = (by.organisation_id(), app.clock.now());
    let connection = &mut *app.pool.get().await?;
    let found = usecase::offered_file(connection, &path.0, reader, (path.1, path.2), query.preview, now).await?;
    file::send(&app, &call, &found, reader.is_some()).await
}

pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(offer_media).service(list_media).service(add_media).service(find_media);
    config.service(media_content).service(edit_media).service(remove_media);
}
