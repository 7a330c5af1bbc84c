//! The attributes that categories define.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{CategoryId, Kind, Refusal, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::{Connection, constraint};
use crate::schema::{category, category_attribute, product};

/// A definition.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = category_attribute, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct AttributeRow {
    pub id: Uuid,
    pub category_id: Uuid,
    /// Unique in the category.
    pub key: String,
    pub name: Value,
    pub kind: String,
    pub unit: Option<String>,
    pub required: bool,
    pub choices: Value,
    pub minimum: Option<String>,
    pub maximum: Option<String>,
    pub version: i64,
    pub created_at: Timestamp,
}

/// What is to be judged of a product when definitions change.
#[derive(Debug, Clone, Queryable)]
pub struct Attributed {
    pub id: Uuid,
    pub sku: String,
    pub category_id: Option<Uuid>,
    pub attributes: Value,
}

pub async fn insert(tx: &mut Connection, new: &AttributeRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(category_attribute::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "category_attribute_key", || {
        Refusal::new(Kind::AlreadyExists, format!("The category has an attribute {} already.", new.key))
    })?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &AttributeRow) -> Result<(), Failure> {
    diesel::update(category_attribute::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

pub async fn delete(tx: &mut Connection, id: Uuid) -> Result<(), Failure> {
    diesel::delete(category_attribute::table.find(id)).execute(tx).await?;
    Ok(())
}

/// What these categories define themselves, by category and key.
pub async fn of_categories(connection: &Connection, categories: &[Uuid]) -> Result<Vec<AttributeRow>, Failure> {
    let query = category_attribute::table
        .filter(category_attribute::category_id.eq_any(categories))
        .order((category_attribute::category_id, category_attribute::key))
        .select(AttributeRow::as_select());
    Ok(query.load(&mut &*connection).await?)
}

/// The definitions of a key in the descendants of a category.
pub async fn below(tx: &Connection, id: CategoryId, keys: &[String]) -> Result<Vec<AttributeRow>, Failure> {
    let query = category_attribute::table
        .inner_join(category::table.on(category::id.eq(category_attribute::category_id)))
        .filter(category::path.contains(vec![id.0]).and(category::id.ne(id.0)))
        .filter(category_attribute::key.eq_any(keys))
        .select(AttributeRow::as_select());
    Ok(query.load(&mut &*tx).await?)
}

/// The ways from the root to these categories.
pub async fn paths(connection: &Connection, categories: &[Uuid]) -> Result<HashMap<Uuid, Vec<Uuid>>, Failure> {
    let query = category::table.filter(category::id.eq_any(categories)).select((category::id, category::path));
    Ok(query.load::<(Uuid, Vec<Uuid>)>(&mut &*connection).await?.into_iter().collect())
}

/// The products in a category and below it, without those put away: the next thousand by id.
pub async fn products_below(tx: &Connection, id: CategoryId, after: Option<Uuid>) -> Result<Vec<Attributed>, Failure> {
    let query = product::table
        .inner_join(category::table.on(product::category_id.eq(category::id.nullable())))
        .filter(category::path.contains(vec![id.0]).and(product::archived_at.is_null()))
        .filter(product::id.gt(after.unwrap_or_default()))
        .order(product::id)
        .limit(1_000)
        .select((product::id, product::sku, product::category_id, product::attributes));
    Ok(query.load(&mut &*tx).await?)
}

/// All definitions of these keys, the oldest first.
pub async fn by_keys(connection: &Connection, keys: &[String]) -> Result<Vec<AttributeRow>, Failure> {
    let query = category_attribute::table
        .filter(category_attribute::key.eq_any(keys))
        .order(category_attribute::id)
        .select(AttributeRow::as_select());
    Ok(query.load(&mut &*connection).await?)
}
