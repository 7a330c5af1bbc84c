//! Many rows in one statement whose text is always the same, so that it is prepared once: each column is bound as an array.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{
    Array, BigInt, Binary, Bool, Integer, Nullable, Numeric, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::Connection;
use crate::Failure;

macro_rules! columns {
    ($($name:ident($rust:ty) as $sql:ty,)*) => {
        /// The values of one column, in the order of the rows.
        #[derive(Debug)]
        pub enum Column {
            $($name(Vec<$rust>),)*
        }

        impl Column {
            fn bind<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                match self {
                    $(Self::$name(values) => out.push_bind_param::<Array<$sql>, _>(values),)*
                }
            }
        }
    };
}

columns! {
    Uuids(Uuid) as SqlUuid,
    OptionalUuids(Option<Uuid>) as Nullable<SqlUuid>,
    SmallNumbers(i16) as SmallInt,
    Integers(i32) as Integer,
    OptionalIntegers(Option<i32>) as Nullable<Integer>,
    Numbers(i64) as BigInt,
    OptionalNumbers(Option<i64>) as Nullable<BigInt>,
    Decimals(Decimal) as Numeric,
    Flags(bool) as Bool,
    OptionalFlags(Option<bool>) as Nullable<Bool>,
    Words(&'static str) as Text,
    OptionalWords(Option<&'static str>) as Nullable<Text>,
    Texts(String) as Text,
    OptionalTexts(Option<String>) as Nullable<Text>,
    Bytes(Vec<u8>) as Binary,
    OptionalBytes(Option<Vec<u8>>) as Nullable<Binary>,
    Times(Timestamp) as Timestamptz,
    OptionalTimes(Option<Timestamp>) as Nullable<Timestamptz>,
}

/// `before`, then `unnest(` with the columns `)`, then `after`.
#[derive(Debug)]
pub struct Unnest {
    pub before: &'static str,
    pub columns: Vec<Column>,
    pub after: &'static str,
}

impl Unnest {
    pub async fn execute(self, connection: &Connection) -> Result<usize, Failure> {
        Ok(RunQueryDsl::execute(self, &mut &*connection).await?)
    }
}

impl QueryFragment<Pg> for Unnest {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.before);
        out.push_sql("unnest(");
        for (place, column) in self.columns.iter().enumerate() {
            if place > 0 {
                out.push_sql(", ");
            }
            column.bind(&mut out)?;
        }
        out.push_sql(")");
        out.push_sql(self.after);
        Ok(())
    }
}

/// Told apart by their texts.
impl QueryId for Unnest {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> diesel::RunQueryDsl<C> for Unnest {}

/// Rows that are only appended: each column is unnested by itself, which the database does in a fifth less time than to put a table together
/// of them first. The columns are of one length.
#[derive(Debug)]
pub struct Append {
    /// The table and the names of the columns.
    pub into: &'static str,
    pub columns: Vec<Column>,
}

impl Append {
    pub async fn execute(self, connection: &Connection) -> Result<usize, Failure> {
        Ok(RunQueryDsl::execute(self, &mut &*connection).await?)
    }
}

impl QueryFragment<Pg> for Append {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("INSERT INTO ");
        out.push_sql(self.into);
        for (place, column) in self.columns.iter().enumerate() {
            out.push_sql(if place == 0 { " SELECT unnest(" } else { "), unnest(" });
            column.bind(&mut out)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

/// Told apart by their texts.
impl QueryId for Append {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> diesel::RunQueryDsl<C> for Append {}
