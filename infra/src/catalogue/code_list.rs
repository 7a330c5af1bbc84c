//! Code lists: classifications of products, each a tree of codes.

use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Bool, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, List, Page};
use crate::schema::{code_list, code_list_entry, product_code};

/// A list without its codes.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = code_list, treat_none_as_default_value = false)]
pub struct CodeListRow {
    pub id: Uuid,
    pub key: String,
    pub name: Value,
    pub edition: String,
    /// How many codes the edition has.
    pub codes: i32,
    pub version: i64,
    pub created_at: Timestamp,
    pub loaded_at: Timestamp,
}

/// A code.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = code_list_entry)]
pub struct CodeRow {
    pub code_list_id: Uuid,
    pub code: String,
    pub parent: Option<String>,
    /// A name per language.
    pub name: Value,
    pub retired: bool,
}

/// A code of a product.
#[derive(Debug, Clone, Queryable)]
pub struct ProductCode {
    pub product_id: Uuid,
    pub list: String,
    pub code: String,
}

pub async fn insert(tx: &mut Connection, new: &CodeListRow) -> Result<(), Failure> {
    diesel::insert_into(code_list::table).values(new).execute(tx).await?;
    Ok(())
}

pub async fn update(tx: &mut Connection, changed: &CodeListRow) -> Result<(), Failure> {
    diesel::update(code_list::table.find(changed.id)).set(changed).execute(tx).await?;
    Ok(())
}

/// Lists are loaded one after the other: holds the turn until the transaction ends.
pub async fn hold(tx: &mut Connection) -> Result<(), Failure> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtext('code_list'))").execute(tx).await?;
    Ok(())
}

/// Keeps all lists as they are until the transaction ends, together with others who do: a code that was found stays.
pub async fn hold_shared(tx: &Connection) -> Result<(), Failure> {
    diesel::sql_query("SELECT pg_advisory_xact_lock_shared(hashtext('code_list'))").execute(&mut &*tx).await?;
    Ok(())
}

pub async fn find(connection: &mut Connection, key: &str) -> Result<Option<CodeListRow>, Failure> {
    let query = code_list::table.filter(code_list::key.eq(key)).select(CodeListRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// The lists by key.
pub async fn list(connection: &mut Connection, page: &Page) -> Result<List<CodeListRow>, Failure> {
    let mut query =
        code_list::table.order(code_list::key).limit(page.rows()).select(CodeListRow::as_select()).into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(code_list::key.gt(after.key.clone()));
    }
    let rows = query.load(connection).await?;
    Ok(page.cut(rows, |row: &CodeListRow| After { key: row.key.clone(), id: row.id }))
}

/// Which codes of a list are wanted.
#[derive(Debug, Clone, Default)]
pub struct CodeSearch {
    /// The children of this code.
    pub parent: Option<String>,
    /// The beginning of a code, or words of a name; in the whole list.
    pub words: Option<String>,
}

/// Codes of a list by code: the children of one, what is searched for, or the roots.
pub async fn codes(
    connection: &mut Connection,
    list: Uuid,
    search: &CodeSearch,
    page: &Page,
) -> Result<List<CodeRow>, Failure> {
    let mut query = code_list_entry::table
        .filter(code_list_entry::code_list_id.eq(list))
        .order(code_list_entry::code)
        .limit(page.rows())
        .select(CodeRow::as_select())
        .into_boxed();
    if let Some(parent) = &search.parent {
        query = query.filter(code_list_entry::parent.eq(parent.clone()));
    }
    if let Some(words) = &search.words {
        let matches = sql::<Bool>("(starts_with(code_list_entry.code, ")
            .bind::<Text, _>(words.clone())
            .sql(") OR code_list_entry.search @@ websearch_to_tsquery('russian', ")
            .bind::<Text, _>(words.clone())
            .sql("))");
        query = query.filter(matches);
    }
    if search.parent.is_none() && search.words.is_none() {
        query = query.filter(code_list_entry::parent.is_null());
    }
    if let Some(after) = &page.after {
        query = query.filter(code_list_entry::code.gt(after.key.clone()));
    }
    let rows = query.load(connection).await?;
    Ok(page.cut(rows, |row: &CodeRow| After { key: row.code.clone(), id: row.code_list_id }))
}

/// All codes in force of a list.
pub async fn all(connection: &mut Connection, list: Uuid) -> Result<Vec<CodeRow>, Failure> {
    let query = code_list_entry::table
        .filter(code_list_entry::code_list_id.eq(list).and(code_list_entry::retired.eq(false)))
        .order(code_list_entry::code)
        .select(CodeRow::as_select());
    Ok(query.load(connection).await?)
}

/// Makes the list hold these codes: new ones are added, known ones changed, and those that are gone deleted, or retired where a
/// product has them or something below them.
pub async fn replace(tx: &mut Connection, list: Uuid, rows: &[CodeRow]) -> Result<(), Failure> {
    diesel::update(code_list_entry::table.filter(code_list_entry::code_list_id.eq(list)))
        .set(code_list_entry::retired.eq(true))
        .execute(tx)
        .await?;
    for part in rows.chunks(5_000) {
        Upsert::new(list, part).execute(tx).await?;
    }
    diesel::sql_query(
        "WITH RECURSIVE used AS (
             SELECT e.code, e.parent FROM code_list_entry e WHERE e.code_list_id = $1 AND (NOT e.retired
                 OR EXISTS (SELECT FROM product_code p WHERE p.code_list_id = e.code_list_id AND p.code = e.code))
             UNION
             SELECT e.code, e.parent FROM used u JOIN code_list_entry e ON e.code_list_id = $1 AND e.code = u.parent
         )
         DELETE FROM code_list_entry WHERE code_list_id = $1 AND retired AND code NOT IN (SELECT code FROM used)",
    )
    .bind::<SqlUuid, _>(list)
    .execute(tx)
    .await?;
    Ok(())
}

/// The entries that these codes of lists name, if they are in force or on the product already.
pub async fn known(
    connection: &Connection,
    keys: &[&str],
    codes: &[&str],
    product: Option<Uuid>,
) -> Result<Vec<(String, String, Uuid)>, Failure> {
    let own = diesel::dsl::exists(
        product_code::table.filter(
            product_code::product_id
                .eq(product.unwrap_or_default())
                .and(product_code::code_list_id.eq(code_list_entry::code_list_id))
                .and(product_code::code.eq(code_list_entry::code)),
        ),
    );
    let query = code_list_entry::table
        .inner_join(code_list::table.on(code_list::id.eq(code_list_entry::code_list_id)))
        .filter(code_list::key.eq_any(keys).and(code_list_entry::code.eq_any(codes)))
        .filter(code_list_entry::retired.eq(false).or(own))
        .select((code_list::key, code_list_entry::code, code_list::id));
    Ok(query.load(&mut &*connection).await?)
}

/// The codes of these products, by the keys of their lists.
pub async fn of_products(connection: &Connection, products: &[Uuid]) -> Result<Vec<ProductCode>, Failure> {
    let query = product_code::table
        .inner_join(code_list::table.on(code_list::id.eq(product_code::code_list_id)))
        .filter(product_code::product_id.eq_any(products))
        .order((product_code::product_id, code_list::key))
        .select((product_code::product_id, code_list::key, product_code::code));
    Ok(query.load(&mut &*connection).await?)
}

/// Gives a product these codes and no others.
pub async fn set_of_product(tx: &mut Connection, product: Uuid, codes: &[(Uuid, String)]) -> Result<(), Failure> {
    use product_code as p;
    diesel::delete(p::table.filter(p::product_id.eq(product))).execute(tx).await?;
    for (list, code) in codes {
        let values = (p::product_id.eq(product), p::code_list_id.eq(*list), p::code.eq(code));
        diesel::insert_into(p::table).values(values).execute(tx).await?;
    }
    Ok(())
}

/// The ids of all lists by their keys; there are few.
pub async fn ids(connection: &Connection) -> Result<Vec<(String, Uuid)>, Failure> {
    Ok(code_list::table.select((code_list::key, code_list::id)).load(&mut &*connection).await?)
}

/// Gives products these codes and no others: many at once.
pub async fn set_of_products(
    tx: &Connection,
    products: &[Uuid],
    codes: &[(Uuid, Uuid, String)],
) -> Result<(), Failure> {
    use product_code as p;
    if products.is_empty() {
        return Ok(());
    }
    diesel::delete(p::table.filter(p::product_id.eq_any(products))).execute(&mut &*tx).await?;
    if !codes.is_empty() {
        Coded::new(codes).execute(&mut &*tx).await?;
    }
    Ok(())
}

struct Coded<'a> {
    products: Vec<Uuid>,
    lists: Vec<Uuid>,
    codes: Vec<&'a str>,
}

impl<'a> Coded<'a> {
    fn new(rows: &'a [(Uuid, Uuid, String)]) -> Self {
        Self {
            products: rows.iter().map(|(product, ..)| *product).collect(),
            lists: rows.iter().map(|(_, list, _)| *list).collect(),
            codes: rows.iter().map(|(.., code)| code.as_str()).collect(),
        }
    }
}

impl QueryFragment<Pg> for Coded<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("INSERT INTO product_code (product_id, code_list_id, code) SELECT * FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.products)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.lists)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.codes)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for Coded<'_> {
    type QueryId = Coded<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Coded<'_> {}

struct Upsert<'a> {
    list: Uuid,
    codes: Vec<&'a str>,
    parents: Vec<Option<&'a str>>,
    names: Vec<&'a Value>,
}

impl<'a> Upsert<'a> {
    fn new(list: Uuid, rows: &'a [CodeRow]) -> Self {
        Self {
            list,
            codes: rows.iter().map(|row| row.code.as_str()).collect(),
            parents: rows.iter().map(|row| row.parent.as_deref()).collect(),
            names: rows.iter().map(|row| &row.name).collect(),
        }
    }
}

impl QueryFragment<Pg> for Upsert<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("INSERT INTO code_list_entry (code_list_id, code, parent, name) SELECT ");
        out.push_bind_param::<SqlUuid, _>(&self.list)?;
        out.push_sql(", n.* FROM unnest(");
        out.push_bind_param::<Array<Text>, _>(&self.codes)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.parents)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Jsonb>, _>(&self.names)?;
        out.push_sql(
            ") AS n ON CONFLICT (code_list_id, code) DO UPDATE
             SET parent = excluded.parent, name = excluded.name, retired = false",
        );
        Ok(())
    }
}

impl QueryId for Upsert<'_> {
    type QueryId = Upsert<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Upsert<'_> {}
