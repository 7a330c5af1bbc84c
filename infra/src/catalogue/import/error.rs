//! What was refused of a file, by row.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::arrays;
use crate::Failure;
use crate::db::Connection;
use crate::db::page::{After, List, Page};
use crate::schema::import_error;

/// A fault of a row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = import_error)]
pub struct ErrorRow {
    pub id: Uuid,
    pub import_id: Uuid,
    pub row_number: i64,
    pub sku: Option<String>,
    pub column_name: String,
    pub code: String,
    pub detail: String,
}

/// The faults of a job in the order of the rows.
pub async fn list(connection: &mut Connection, import: Uuid, page: &Page) -> Result<List<ErrorRow>, Failure> {
    let mut query = import_error::table
        .filter(import_error::import_id.eq(import))
        .order((import_error::row_number, import_error::id))
        .limit(page.rows())
        .select(ErrorRow::as_select())
        .into_boxed();
    if let Some(after) = &page.after {
        let row: i64 = after.key.parse().map_err(Failure::broken)?;
        let beyond = import_error::row_number.eq(row).and(import_error::id.gt(after.id));
        query = query.filter(import_error::row_number.ge(row)).filter(import_error::row_number.gt(row).or(beyond));
    }
    let rows = query.load(connection).await?;
    Ok(page.cut(rows, |row: &ErrorRow| After { key: row.row_number.to_string(), id: row.id }))
}

pub async fn insert(tx: &Connection, new: &[ErrorRow]) -> Result<(), Failure> {
    if !new.is_empty() {
        Insert::new(new).execute(&mut &*tx).await?;
    }
    Ok(())
}

struct Insert<'a> {
    ids: Vec<Uuid>,
    imports: Vec<Uuid>,
    rows: Vec<i64>,
    skus: Vec<Option<&'a str>>,
    columns: Vec<&'a str>,
    codes: Vec<&'a str>,
    details: Vec<&'a str>,
}

impl<'a> Insert<'a> {
    fn new(new: &'a [ErrorRow]) -> Self {
        Self {
            ids: new.iter().map(|one| one.id).collect(),
            imports: new.iter().map(|one| one.import_id).collect(),
            rows: new.iter().map(|one| one.row_number).collect(),
            skus: new.iter().map(|one| one.sku.as_deref()).collect(),
            columns: new.iter().map(|one| one.column_name.as_str()).collect(),
            codes: new.iter().map(|one| one.code.as_str()).collect(),
            details: new.iter().map(|one| one.detail.as_str()).collect(),
        }
    }
}

impl QueryFragment<Pg> for Insert<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO import_error (id, import_id, row_number, sku, column_name, code, detail) SELECT * FROM unnest(",
        );
        arrays!(out; SqlUuid => &self.ids, SqlUuid => &self.imports, BigInt => &self.rows, Nullable<Text> => &self.skus,
            Text => &self.columns, Text => &self.codes, Text => &self.details);
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for Insert<'_> {
    type QueryId = Insert<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Insert<'_> {}
