//! The category tree, the same for all portals.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{CategoryId, Kind, Refusal, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::page::{After, List, Page};
use crate::db::{Connection, constraint};
use crate::schema::category;

/// A node of the tree.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = category, treat_none_as_default_value = false)]
pub struct CategoryRow {
    pub id: Uuid,
    pub code: String,
    pub parent_id: Option<Uuid>,
    /// A name per language.
    pub name: Value,
    pub version: i64,
    pub created_at: Timestamp,
}

pub async fn insert(tx: &mut Connection, new: &CategoryRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(category::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "category_code_key", || {
        Refusal::new(Kind::AlreadyExists, format!("There is a category with the code {} already.", new.code))
    })?;
    Ok(())
}

pub async fn update_name(tx: &mut Connection, changed: &CategoryRow) -> Result<(), Failure> {
    diesel::update(category::table.find(changed.id))
        .set((category::name.eq(&changed.name), category::version.eq(changed.version)))
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(connection: &mut Connection, id: CategoryId) -> Result<Option<CategoryRow>, Failure> {
    Ok(category::table.find(id.0).select(CategoryRow::as_select()).first(connection).await.optional()?)
}

pub async fn lock(tx: &mut Connection, id: CategoryId) -> Result<Option<CategoryRow>, Failure> {
    Ok(category::table.find(id.0).select(CategoryRow::as_select()).for_update().first(tx).await.optional()?)
}

/// The children of a node, or the roots, by code.
pub async fn children(
    connection: &mut Connection,
    of: Option<CategoryId>,
    page: &Page,
) -> Result<List<CategoryRow>, Failure> {
    let mut query = category::table
        .order((category::code, category::id))
        .limit(page.rows())
        .select(CategoryRow::as_select())
        .into_boxed();
    query = match of {
        Some(parent) => query.filter(category::parent_id.eq(parent.0)),
        None => query.filter(category::parent_id.is_null()),
    };
    if let Some(after) = &page.after {
        query = query.filter(category::code.gt(after.key.clone()));
    }
    let rows = query.load(connection).await?;
    Ok(page.cut(rows, |row: &CategoryRow| After { key: row.code.clone(), id: row.id }))
}
