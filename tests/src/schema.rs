//! Prints `infra/src/schema.rs` from a migrated database, so that the two cannot drift apart.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use diesel::QueryableByName;
use diesel::sql_types::{Bool, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    udt_name: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
    #[diesel(sql_type = Bool)]
    in_key: bool,
}

const COLUMNS: &str = "
    SELECT c.table_name::text, c.column_name::text, c.udt_name::text, c.is_nullable = 'YES' AS nullable,
        EXISTS (
            SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            WHERE i.indisprimary AND i.indrelid = c.table_name::regclass AND a.attname = c.column_name
        ) AS in_key
    FROM information_schema.columns c
    WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_\\_%' AND c.udt_name <> 'tsvector'
        AND EXISTS (SELECT FROM pg_class k WHERE k.oid = c.table_name::regclass AND k.relkind IN ('r', 'p'))
    ORDER BY c.table_name, c.ordinal_position";

/// The text of `schema.rs` for the database behind `connection`.
pub async fn print(connection: &mut AsyncPgConnection) -> String {
    let columns: Vec<Column> = diesel::sql_query(COLUMNS).load(connection).await.expect("the catalogue can be read");
    let mut tables = BTreeMap::<String, Vec<Column>>::new();
    for column in columns {
        tables.entry(column.table_name.clone()).or_default().push(column);
    }
    let mut text = String::from(
        "//! The tables as diesel sees them. Printed from the migrated database by the test `schema`; search vectors are left out,\n\
         //! since only SQL reads them.\n\n",
    );
    for (table, columns) in &tables {
        let key: Vec<&str> = columns.iter().filter(|c| c.in_key).map(|c| c.column_name.as_str()).collect();
        let _ = writeln!(text, "diesel::table! {{\n    {table} ({}) {{", key.join(", "));
        for column in columns {
            let _ = writeln!(text, "        {} -> {},", field(&column.column_name), sql_type(column));
        }
        text.push_str("    }\n}\n\n");
    }
    text
}

fn field(name: &str) -> String {
    match name {
        "type" => "#[sql_name = \"type\"]\n        kind".to_owned(),
        other => other.to_owned(),
    }
}

fn sql_type(column: &Column) -> String {
    let plain = match column.udt_name.trim_start_matches('_') {
        "uuid" => "Uuid",
        "text" => "Text",
        "timestamptz" => "Timestamptz",
        "date" => "Date",
        "numeric" => "Numeric",
        "int2" => "SmallInt",
        "int4" => "Integer",
        "int8" => "BigInt",
        "bool" => "Bool",
        "jsonb" => "Jsonb",
        "bytea" => "Binary",
        other => panic!("no diesel type is known for {other}"),
    };
    let full = if column.udt_name.starts_with('_') { format!("Array<{plain}>") } else { plain.to_owned() };
    if column.nullable { format!("Nullable<{full}>") } else { full }
}
