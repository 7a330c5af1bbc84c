//! The category tree, the same for all portals.

use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
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
    /// From the root down to the category itself.
    pub path: Vec<Uuid>,
}

/// Holds the tree with all its attributes until the transaction ends: those who change it wait for each other and for those who
/// check products by it ([`hold_shared`]).
pub async fn hold(tx: &Connection) -> Result<(), Failure> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtext('category'))").execute(&mut &*tx).await?;
    Ok(())
}

/// Keeps the tree as it is until the transaction ends, together with others who do.
pub async fn hold_shared(tx: &Connection) -> Result<(), Failure> {
    diesel::sql_query("SELECT pg_advisory_xact_lock_shared(hashtext('category'))").execute(&mut &*tx).await?;
    Ok(())
}

pub async fn insert(tx: &mut Connection, new: &CategoryRow) -> Result<(), Failure> {
    let inserted = diesel::insert_into(category::table).values(new).execute(tx).await;
    constraint::refuse(inserted, "category_code_key", || {
        Refusal::new(Kind::AlreadyExists, format!("There is a category with the code {} already.", new.code))
    })?;
    Ok(())
}

/// Keeps the name and the place of a category. Its descendants move with it: `from` is the way to it before.
pub async fn update(tx: &mut Connection, changed: &CategoryRow, from: &[Uuid]) -> Result<(), Failure> {
    if changed.path == from {
        diesel::update(category::table.find(changed.id))
            .set((category::name.eq(&changed.name), category::version.eq(changed.version)))
            .execute(tx)
            .await?;
        return Ok(());
    }
    diesel::update(category::table.find(changed.id))
        .set((
            category::name.eq(&changed.name),
            category::version.eq(changed.version),
            category::parent_id.eq(changed.parent_id),
            category::path.eq(&changed.path),
        ))
        .execute(tx)
        .await?;
    diesel::sql_query("UPDATE category SET path = $1 || path[$2:] WHERE path @> ARRAY[$3] AND id <> $3")
        .bind::<Array<SqlUuid>, _>(&changed.path)
        .bind::<Integer, _>(i32::try_from(from.len() + 1).map_err(Failure::broken)?)
        .bind::<SqlUuid, _>(changed.id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Adds many categories at once; each has its parent among them or in the database.
pub async fn insert_all(tx: &mut Connection, new: &[CategoryRow]) -> Result<(), Failure> {
    for part in new.chunks(5_000) {
        InsertAll::new(part).execute(tx).await?;
    }
    Ok(())
}

/// The categories with these codes.
pub async fn by_codes(connection: &mut Connection, codes: &[&str]) -> Result<Vec<CategoryRow>, Failure> {
    let query = category::table.filter(category::code.eq_any(codes)).select(CategoryRow::as_select());
    Ok(query.load(connection).await?)
}

/// How many levels the tree has from a category on.
pub async fn height(tx: &mut Connection, row: &CategoryRow) -> Result<usize, Failure> {
    let depth = sql::<Nullable<Integer>>("max(cardinality(path))");
    let deepest: Option<i32> =
        category::table.filter(category::path.contains(vec![row.id])).select(depth).first(tx).await?;
    Ok(usize::try_from(deepest.unwrap_or_default()).map_err(Failure::broken)?.saturating_sub(row.path.len()) + 1)
}

pub async fn find(connection: &mut Connection, id: CategoryId) -> Result<Option<CategoryRow>, Failure> {
    Ok(category::table.find(id.0).select(CategoryRow::as_select()).first(connection).await.optional()?)
}

/// Which of these there are.
pub async fn known(connection: &mut Connection, ids: &[Uuid]) -> Result<Vec<Uuid>, Failure> {
    Ok(category::table.filter(category::id.eq_any(ids)).select(category::id).load(connection).await?)
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

struct InsertAll<'a> {
    ids: Vec<Uuid>,
    codes: Vec<&'a str>,
    parents: Vec<Option<Uuid>>,
    names: Vec<&'a Value>,
    /// Arrays of arrays must be of one length in SQL: the ways are written as texts.
    paths: Vec<String>,
    created_at: Option<Timestamp>,
}

impl<'a> InsertAll<'a> {
    fn new(rows: &'a [CategoryRow]) -> Self {
        let path = |row: &CategoryRow| {
            let ids: Vec<String> = row.path.iter().map(Uuid::to_string).collect();
            format!("{{{}}}", ids.join(","))
        };
        Self {
            ids: rows.iter().map(|row| row.id).collect(),
            codes: rows.iter().map(|row| row.code.as_str()).collect(),
            parents: rows.iter().map(|row| row.parent_id).collect(),
            names: rows.iter().map(|row| &row.name).collect(),
            paths: rows.iter().map(path).collect(),
            created_at: rows.first().map(|row| row.created_at),
        }
    }
}

impl QueryFragment<Pg> for InsertAll<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO category (id, code, parent_id, name, path, created_at)
             SELECT n.id, n.code, n.parent_id, n.name, n.path::uuid[], ",
        );
        out.push_bind_param::<Nullable<Timestamptz>, _>(&self.created_at)?;
        out.push_sql(" FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.codes)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlUuid>>, _>(&self.parents)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Jsonb>, _>(&self.names)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.paths)?;
        out.push_sql(") AS n (id, code, parent_id, name, path)");
        Ok(())
    }
}

impl QueryId for InsertAll<'_> {
    type QueryId = InsertAll<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for InsertAll<'_> {}

/// The names of these categories.
pub async fn names(connection: &Connection, ids: &[Uuid]) -> Result<Vec<(Uuid, Value)>, Failure> {
    let query = category::table.filter(category::id.eq_any(ids)).select((category::id, category::name));
    Ok(query.load(&mut &*connection).await?)
}
