//! Statements that stay prepared. Diesel prepares updates, inserts in which a value may be the default, and `sql_query` anew each time they are
//! executed, which costs a round trip and a plan: for a statement of one row that is more than the row.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// A statement that each connection prepares the first time, and keeps as long as it lives.
#[derive(Debug, Clone, Copy)]
pub struct Prepared<T>(T);

/// For statements whose text has few forms: not for as many as there are numbers of rows. PostgreSQL plans them once for all parameters after
/// some executions, so they should find their rows by key.
pub trait Prepare: QueryFragment<Pg> + Sized {
    fn prepared(self) -> Prepared<Self> {
        Prepared(self)
    }
}

impl<T: QueryFragment<Pg>> Prepare for T {}

impl<T: QueryFragment<Pg>> QueryFragment<Pg> for Prepared<T> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _: &Pg) -> QueryResult<bool> {
        Ok(true)
    }
}

/// By its text, since what is left out of a statement of one type changes that.
impl<T> QueryId for Prepared<T> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<T: Query> Query for Prepared<T> {
    type SqlType = T::SqlType;
}

impl<T, C> diesel::RunQueryDsl<C> for Prepared<T> {}
