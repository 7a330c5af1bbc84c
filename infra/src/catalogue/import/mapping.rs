//! How the columns of a seller's files correspond to fields, kept under a name.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{ImportMappingId, Kind, OrganisationId, Refusal, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{List, Page};
use crate::db::{Connection, constraint};
use crate::schema::import_mapping;

/// A mapping.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = import_mapping, treat_none_as_default_value = false)]
pub struct MappingRow {
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub name: String,
    pub definition: Value,
    pub version: i64,
    pub created_at: Timestamp,
}

fn taken(name: &str) -> Refusal {
    Refusal::new(Kind::AlreadyExists, format!("There is a mapping with the name {name} already."))
}

pub async fn insert(tx: &mut Connection, new: &MappingRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(import_mapping::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "import_mapping_name", || taken(&new.name))?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &MappingRow) -> Result<(), Failure> {
    let updated = diesel::update(import_mapping::table.find(changed.id)).set(changed).execute(tx).await;
    constraint::refuse(updated, "import_mapping_name", || taken(&changed.name))?;
    Ok(())
}

/// Files that came with it keep it.
pub async fn delete(tx: &mut Connection, id: Uuid) -> Result<(), Failure> {
    diesel::delete(import_mapping::table.find(id)).execute(tx).await?;
    Ok(())
}

pub async fn find(
    connection: &mut Connection,
    own: OrganisationId,
    id: ImportMappingId,
) -> Result<Option<MappingRow>, Failure> {
    let query =
        import_mapping::table.filter(import_mapping::id.eq(id.0).and(import_mapping::organisation_id.eq(own.0)));
    Ok(query.select(MappingRow::as_select()).first(connection).await.optional()?)
}

/// A mapping of this organisation, held until the transaction ends.
pub async fn lock(
    tx: &mut Connection,
    own: OrganisationId,
    id: ImportMappingId,
) -> Result<Option<MappingRow>, Failure> {
    let query =
        import_mapping::table.filter(import_mapping::id.eq(id.0).and(import_mapping::organisation_id.eq(own.0)));
    Ok(query.select(MappingRow::as_select()).for_update().first(tx).await.optional()?)
}

pub async fn by_name(
    connection: &mut Connection,
    own: OrganisationId,
    name: &str,
) -> Result<Option<MappingRow>, Failure> {
    let query =
        import_mapping::table.filter(import_mapping::organisation_id.eq(own.0).and(import_mapping::name.eq(name)));
    Ok(query.select(MappingRow::as_select()).first(connection).await.optional()?)
}

/// The mappings of an organisation, oldest first.
pub async fn list(connection: &mut Connection, own: OrganisationId, page: &Page) -> Result<List<MappingRow>, Failure> {
    let mut query = import_mapping::table
        .filter(import_mapping::organisation_id.eq(own.0))
        .order(import_mapping::id)
        .limit(page.rows())
        .select(MappingRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(import_mapping::id.gt(after));
    }
    Ok(page.cut_by_id(query.load(connection).await?, |row: &MappingRow| row.id))
}
