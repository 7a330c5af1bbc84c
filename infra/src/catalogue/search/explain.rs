//! Why offers are ranked as they are.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Float, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::condition::Words;
use crate::Failure;
use crate::db::Connection;

/// What the parts of a product's text give to its rank; a whole number of them add up to more than the rank, which PostgreSQL dampens.
#[derive(Debug, Clone, Copy, PartialEq, Queryable)]
pub struct Ranked {
    pub id: Uuid,
    pub score: f32,
    /// The product's number and names, weight 1.
    pub name: f32,
    /// Weight 0.2.
    pub description: f32,
    /// Weight 0.1.
    pub attributes: f32,
}

/// The ranks of these offers for these words.
pub async fn ranks(connection: &Connection, words: &Words, offers: &[Uuid]) -> Result<Vec<Ranked>, Failure> {
    Ok(Ranks { words, offers: offers.to_vec() }.load(&mut &*connection).await?)
}

struct Ranks<'a> {
    words: &'a Words,
    offers: Vec<Uuid>,
}

impl QueryFragment<Pg> for Ranks<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT id");
        let parts = [
            ", ts_rank(search, ",
            ", ts_rank(ts_filter(search, '{a}'), ",
            ", ts_rank(ts_filter(search, '{c}'), ",
            ", ts_rank(ts_filter(search, '{d}'), ",
        ];
        for part in parts {
            out.push_sql(part);
            self.words.push(&mut out)?;
            out.push_sql(")");
        }
        out.push_sql(" FROM catalogue_entry WHERE id = ANY (");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.offers)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for Ranks<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl diesel::query_builder::Query for Ranks<'_> {
    type SqlType = (SqlUuid, Float, Float, Float, Float);
}

impl<C> diesel::RunQueryDsl<C> for Ranks<'_> {}
