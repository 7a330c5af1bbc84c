//! What a seller does with the images and data sheets of its products, and who reads them.

use chrono::TimeDelta;
use domain::catalogue::media::{MAX_MEDIA, MediaKind, moved};
use domain::kernel::language::check_texts;
use domain::kernel::{Faults, MediaId, OfferId, OrganisationId, ProductId, Refusal, Timestamp};
use domain::portal::Function;
use infra::Failure;
use infra::catalogue::media::{self, MediaRow, PreviewRow};
use infra::catalogue::product::{self, ProductRow};
use infra::catalogue::search;
use infra::catalogue::visibility::seen_by;
use infra::db::{Connection, tx};
use serde_json::json;
use uuid::Uuid;

use super::dto::{MediaData, MediaDto, ProductMediaList};
use super::file::{MediaFile, name};
use crate::app::App;
use crate::catalogue::rights;
use crate::clock::new_id;
use crate::command::{Command, Subject};
use crate::document::upload::Received;
use crate::http::answer::{Answer, check_version};
use crate::http::body::Patch;
use crate::http::principal::Principal;
use crate::portal::access;

fn unknown() -> Refusal {
    Refusal::not_found("product")
}

fn no_media() -> Refusal {
    Refusal::not_found("image or data sheet")
}

/// A name for a file that is about to come. Unless it is taken within an hour, it is removed.
pub async fn expect_file(app: &App, by: &Principal, id: ProductId) -> Result<MediaId, Failure> {
    let own = by.member()?.id;
    product::find(&mut *app.pool.get().await?, own, id).await?.ok_or_else(unknown)?;
    by.require(rights::EDIT)?;
    let at = app.clock.now();
    let file = MediaId(new_id(at));
    tx::transaction(&app.pool, async |tx| media::leave(tx, file, at + TimeDelta::hours(1)).await).await?;
    Ok(file)
}

/// Adds a file that was stored before; a worker looks at it next.
pub async fn add(
    tx: &mut Connection,
    command: &Command,
    id: ProductId,
    file: MediaId,
    data: &MediaData,
    received: &Received,
) -> Result<Answer<MediaDto>, Failure> {
    let own = command.by.member()?.id;
    let (product, _) = product::lock(tx, own, id).await?.ok_or_else(unknown)?;
    command.by.require(rights::EDIT)?;
    let kind = MediaKind::of(received.media, received.stored.size)?;
    let others = media::of_product(tx, id).await?;
    let mut faults = check(data);
    if others.len() >= MAX_MEDIA {
        faults.add("/file", "too_many", format!("A product has at most {MAX_MEDIA} images and data sheets."));
    }
    faults.result()?;
    let last = others.len() + 1;
    let row = MediaRow {
        id: file.0,
        product_id: id.0,
        kind: kind.code().to_owned(),
        position: i32::try_from(last).map_err(Failure::broken)?,
        title: json!(data.title),
        state: "waiting".to_owned(),
        fault: None,
        sha256: received.stored.sha256.to_vec(),
        size: i64::try_from(received.stored.size).map_err(Failure::broken)?,
        media_type: received.media.code().to_owned(),
        file_name: received.file_name.clone(),
        width: None,
        height: None,
        page_count: None,
        created_at: command.at,
    };
    if !media::unleave(tx, file).await? {
        return Err(Failure::Unavailable("the upload took too long".to_owned()));
    }
    media::insert(tx, &row).await?;
    if let Some(position) = data.position {
        place(tx, id, file.0, position).await?;
    }
    let version = save(tx, command, product, "product.media_added", file.0).await?;
    let (row, previews) = one(tx, id, file).await?;
    let location = format!("/v1/products/{id}/media/{file}");
    Ok(Answer::created(location, MediaDto::of(&row, &previews)?).version(version))
}

/// Changes a title, or the place among the others.
pub async fn edit(
    tx: &mut Connection,
    command: &Command,
    (id, file): (ProductId, MediaId),
    expected: i64,
    patch: &Patch<MediaData>,
) -> Result<Answer<MediaDto>, Failure> {
    let own = command.by.member()?.id;
    let (product, _) = product::lock(tx, own, id).await?.ok_or_else(unknown)?;
    let (row, _) = one(tx, id, file).await?;
    command.by.require(rights::EDIT)?;
    check_version(product.version, expected)?;
    let data = patch.apply(&MediaData::of(&row)?)?;
    check(&data).result()?;
    media::set_title(tx, row.id, &json!(data.title)).await?;
    place(tx, id, row.id, data.position.unwrap_or(i32::MAX)).await?;
    let version = save(tx, command, product, "product.media_changed", row.id).await?;
    let (row, previews) = one(tx, id, file).await?;
    Ok(Answer::ok(MediaDto::of(&row, &previews)?).version(version))
}

/// Takes one away; its files are removed next.
pub async fn remove(
    tx: &mut Connection,
    command: &Command,
    (id, file): (ProductId, MediaId),
    expected: i64,
) -> Result<Answer<()>, Failure> {
    let own = command.by.member()?.id;
    let (mut product, _) = product::lock(tx, own, id).await?.ok_or_else(unknown)?;
    let (row, _) = one(tx, id, file).await?;
    command.by.require(rights::EDIT)?;
    check_version(product.version, expected)?;
    product.image_id = product.image_id.filter(|image| *image != row.id);
    media::delete(tx, row.id).await?;
    media::leave(tx, file, command.at).await?;
    let rest: Vec<Uuid> = media::of_product(tx, id).await?.into_iter().map(|(row, _)| row.id).collect();
    media::set_order(tx, id, &rest).await?;
    save(tx, command, product, "product.media_removed", row.id).await?;
    Ok(Answer::no_content())
}

pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    id: ProductId,
) -> Result<(ProductMediaList, i64), Failure> {
    let seller = by.require(rights::READ)?;
    let (product, _) = product::find(connection, seller, id).await?.ok_or_else(unknown)?;
    let rows = media::of_product(connection, id).await?;
    let items: Result<Vec<_>, _> = rows.iter().map(|(row, previews)| MediaDto::of(row, previews)).collect();
    Ok((ProductMediaList { items: items? }, product.version))
}

pub async fn find(
    connection: &mut Connection,
    by: &Principal,
    (id, file): (ProductId, MediaId),
) -> Result<(MediaDto, i64), Failure> {
    let seller = by.require(rights::READ)?;
    let (product, _) = product::find(connection, seller, id).await?.ok_or_else(unknown)?;
    let (row, previews) = one(connection, id, file).await?;
    Ok((MediaDto::of(&row, &previews)?, product.version))
}

/// A file of one's own product, whatever its state.
pub async fn own_file(
    connection: &mut Connection,
    by: &Principal,
    (id, file): (ProductId, MediaId),
    edge: Option<i32>,
) -> Result<MediaFile, Failure> {
    let seller = by.require(rights::READ)?;
    product::find(connection, seller, id).await?.ok_or_else(unknown)?;
    let (row, previews) = one(connection, id, file).await?;
    Ok(wanted(&row, &previews, edge)?)
}

/// A file beside an offer, for who sees the offer.
pub async fn offered_file(
    connection: &mut Connection,
    portal: &str,
    reader: Option<Uuid>,
    (offer, file): (OfferId, MediaId),
    edge: Option<i32>,
    now: Timestamp,
) -> Result<MediaFile, Failure> {
    let seen = access::look(connection, portal, reader, Function::Catalogue).await?;
    let found = search::find(connection, seen.id, seen_by(reader.map(OrganisationId), now), offer.0).await?;
    let listed = found.ok_or_else(|| Refusal::not_found("offer"))?;
    let (row, previews) = one(connection, ProductId(listed.product.id), file).await?;
    if row.state != "ready" {
        return Err(no_media().into());
    }
    Ok(wanted(&row, &previews, edge)?)
}

fn wanted(row: &MediaRow, previews: &[PreviewRow], edge: Option<i32>) -> Result<MediaFile, Refusal> {
    let Some(edge) = edge else {
        return Ok(MediaFile {
            name: name(row.id, None),
            sha256: row.sha256.clone(),
            media_type: row.media_type.clone(),
            file_name: row.file_name.clone(),
        });
    };
    let preview = previews.iter().find(|one| one.edge == edge).ok_or_else(no_media)?;
    let extension = if preview.media_type == "image/png" { "png" } else { "jpg" };
    Ok(MediaFile {
        name: name(row.id, Some(edge)),
        sha256: preview.sha256.clone(),
        media_type: preview.media_type.clone(),
        file_name: format!("{}.{extension}", name(row.id, Some(edge))),
    })
}

async fn one(connection: &Connection, id: ProductId, file: MediaId) -> Result<(MediaRow, Vec<PreviewRow>), Failure> {
    let found = media::of_product(connection, id).await?.into_iter().find(|(row, _)| row.id == file.0);
    Ok(found.ok_or_else(no_media)?)
}

async fn place(tx: &mut Connection, id: ProductId, file: Uuid, position: i32) -> Result<(), Failure> {
    let order: Vec<Uuid> = media::of_product(tx, id).await?.into_iter().map(|(row, _)| row.id).collect();
    let order = moved(&order, file, usize::try_from(position).unwrap_or_default());
    media::set_order(tx, id, &order).await
}

fn check(data: &MediaData) -> Faults {
    let mut faults = Faults::default();
    faults.keep("/title", check_texts(&data.title, 200));
    faults
}

/// Counts the version of the product up, and tells.
async fn save(
    tx: &mut Connection,
    command: &Command,
    mut product: ProductRow,
    kind: &'static str,
    file: Uuid,
) -> Result<i64, Failure> {
    product.version += 1;
    product::update(tx, &product).await?;
    media::note_first_image(tx, ProductId(product.id)).await?;
    let subject = Subject { kind: "product", id: product.id, version: product.version };
    command.event(kind, subject, None, &[product.seller_id], json!({"media_id": file}));
    Ok(product.version)
}
