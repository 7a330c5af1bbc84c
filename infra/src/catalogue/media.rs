//! Images and data sheets of products, their previews, and what is left of files that belong to nothing.

use diesel::prelude::*;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::{MediaId, OrganisationId, ProductId, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{product, product_media, product_media_left, product_media_preview};

/// An image or a data sheet of a product.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = product_media, treat_none_as_default_value = false)]
pub struct MediaRow {
    pub id: Uuid,
    pub product_id: Uuid,
    /// `image` or `data_sheet`.
    pub kind: String,
    /// From 1 on.
    pub position: i32,
    /// Per language.
    pub title: Value,
    /// `waiting`, `ready` or `failed`.
    pub state: String,
    pub fault: Option<String>,
    pub sha256: Vec<u8>,
    pub size: i64,
    pub media_type: String,
    pub file_name: String,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub page_count: Option<i32>,
    pub created_at: Timestamp,
}

/// A small image of one.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = product_media_preview)]
pub struct PreviewRow {
    pub media_id: Uuid,
    pub edge: i32,
    pub sha256: Vec<u8>,
    pub media_type: String,
    pub width: i32,
    pub height: i32,
}

/// One that waits to be looked at.
#[derive(Debug, Clone)]
pub struct Leased {
    pub row: MediaRow,
    pub seller_id: OrganisationId,
    /// How often it was begun, this time included.
    pub attempts: i32,
}

/// All of a product with their previews, in order.
pub async fn of_product(connection: &Connection, of: ProductId) -> Result<Vec<(MediaRow, Vec<PreviewRow>)>, Failure> {
    let rows = product_media::table
        .filter(product_media::product_id.eq(of.0))
        .order(product_media::position)
        .select(MediaRow::as_select());
    let previews = product_media_preview::table
        .inner_join(product_media::table.on(product_media::id.eq(product_media_preview::media_id)))
        .filter(product_media::product_id.eq(of.0))
        .order((product_media_preview::media_id, product_media_preview::edge))
        .select(PreviewRow::as_select());
    let (rows, previews): (Vec<MediaRow>, Vec<PreviewRow>) =
        futures::try_join!(rows.load(&mut &*connection), previews.load(&mut &*connection))?;
    let with_previews = |row: MediaRow| {
        let own = previews.iter().filter(|preview| preview.media_id == row.id).cloned().collect();
        (row, own)
    };
    Ok(rows.into_iter().map(with_previews).collect())
}

pub async fn insert(tx: &mut Connection, new: &MediaRow) -> Result<(), Failure> {
    diesel::insert_into(product_media::table).values(new).execute(tx).await?;
    Ok(())
}

pub async fn set_title(tx: &mut Connection, id: Uuid, title: &Value) -> Result<(), Failure> {
    diesel::update(product_media::table.find(id)).set(product_media::title.eq(title)).execute(tx).await?;
    Ok(())
}

/// Puts all of a product into this order.
pub async fn set_order(tx: &mut Connection, of: ProductId, ids: &[Uuid]) -> Result<(), Failure> {
    diesel::sql_query(
        "UPDATE product_media m SET position = n.position FROM unnest($2) WITH ORDINALITY AS n (id, position)
         WHERE m.product_id = $1 AND m.id = n.id AND m.position <> n.position",
    )
    .bind::<SqlUuid, _>(of.0)
    .bind::<Array<SqlUuid>, _>(ids)
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn delete(tx: &mut Connection, id: Uuid) -> Result<(), Failure> {
    diesel::delete(product_media::table.find(id)).execute(tx).await?;
    Ok(())
}

/// Notes with the product which of its images is the first that is ready.
pub async fn note_first_image(tx: &mut Connection, of: ProductId) -> Result<(), Failure> {
    diesel::sql_query(
        "UPDATE product SET image_id = f.id FROM (SELECT (SELECT m.id FROM product_media m WHERE m.product_id = $1 AND m.kind = 'image'
             AND m.state = 'ready' ORDER BY m.position LIMIT 1) AS id) f
         WHERE product.id = $1 AND product.image_id IS DISTINCT FROM f.id",
    )
    .bind::<SqlUuid, _>(of.0)
    .execute(tx)
    .await?;
    Ok(())
}

/// Takes the one that waits longest, for so long.
pub async fn lease(tx: &mut Connection, at: Timestamp, until: Timestamp) -> Result<Option<Leased>, Failure> {
    use product_media as m;
    let free = m::leased_until.is_null().or(m::leased_until.lt(at));
    let next = m::table
        .filter(m::state.eq("waiting").and(free))
        .order(m::id)
        .select((MediaRow::as_select(), m::attempts))
        .for_update()
        .skip_locked();
    let Some((row, attempts)) = next.first::<(MediaRow, i32)>(tx).await.optional()? else { return Ok(None) };
    let leased = (m::leased_until.eq(until), m::attempts.eq(attempts + 1));
    diesel::update(m::table.find(row.id)).set(leased).execute(tx).await?;
    let seller = product::table.find(row.product_id).select(product::seller_id).first::<Uuid>(tx).await?;
    Ok(Some(Leased { row, seller_id: OrganisationId(seller), attempts: attempts + 1 }))
}

/// Keeps what became of one that waited. False if it is gone.
pub async fn finish(tx: &mut Connection, done: &MediaRow, previews: &[PreviewRow]) -> Result<bool, Failure> {
    use product_media as m;
    let set = (
        m::state.eq(&done.state),
        m::fault.eq(&done.fault),
        m::width.eq(done.width),
        m::height.eq(done.height),
        m::page_count.eq(done.page_count),
    );
    let waiting = m::table.find(done.id).filter(m::state.eq("waiting"));
    if diesel::update(waiting).set(set).execute(tx).await? == 0 {
        return Ok(false);
    }
    for preview in previews {
        diesel::insert_into(product_media_preview::table).values(preview).execute(tx).await?;
    }
    Ok(true)
}

/// Whether there is one of that id.
pub async fn is_there(connection: &mut Connection, id: Uuid) -> Result<bool, Failure> {
    Ok(diesel::select(diesel::dsl::exists(product_media::table.find(id))).get_result(connection).await?)
}

/// Files of that name are to be removed at a time, unless they are taken until then.
pub async fn leave(tx: &mut Connection, id: MediaId, remove_at: Timestamp) -> Result<(), Failure> {
    use product_media_left as l;
    diesel::insert_into(l::table)
        .values((l::id.eq(id.0), l::remove_at.eq(remove_at)))
        .on_conflict(l::id)
        .do_update()
        .set(l::remove_at.eq(remove_at))
        .execute(tx)
        .await?;
    Ok(())
}

/// Files that were left are taken, or gone. False if they were not left.
pub async fn unleave(tx: &mut Connection, id: MediaId) -> Result<bool, Failure> {
    Ok(diesel::delete(product_media_left::table.find(id.0)).execute(tx).await? > 0)
}

/// Some of the files that are to be removed by now.
pub async fn left(connection: &mut Connection, at: Timestamp) -> Result<Vec<Uuid>, Failure> {
    use product_media_left as l;
    Ok(l::table.filter(l::remove_at.le(at)).order(l::remove_at).limit(100).select(l::id).load(connection).await?)
}
