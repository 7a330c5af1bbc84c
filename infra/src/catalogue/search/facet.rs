//! What is found, in short rows: for readers whose own prices decide.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, Numeric, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::condition::{Condition, push_available};
use crate::Failure;
use crate::db::Connection;

/// A match in short.
#[derive(Debug, Clone, Queryable)]
pub struct Match {
    pub id: Uuid,
    pub seller_id: Uuid,
    /// From the root down to the product's own.
    pub category_path: Vec<Uuid>,
    pub currency: String,
    pub minimum_order: Decimal,
    /// The offer's own, of a unit at the minimum of order.
    pub price: Decimal,
    pub lead_time_days: i32,
    pub attributes: Value,
    pub available: bool,
}

/// The matches, at most one more than so many, those that were published first.
pub async fn matches(connection: &Connection, condition: Condition<'_>, most: i64) -> Result<Vec<Match>, Failure> {
    let condition = Condition { with_stock: true, ..condition };
    Ok(Matches { condition, rows: most + 1 }.load(&mut &*connection).await?)
}

struct Matches<'a> {
    condition: Condition<'a>,
    rows: i64,
}

impl QueryFragment<Pg> for Matches<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT offer.id, offer.seller_id, offer.category_path, offer.currency, offer.minimum_order, offer.price,
                offer.lead_time_days, offer.attributes, ",
        );
        push_available(&mut out, self.condition.seen)?;
        self.condition.walk_ast(out.reborrow())?;
        out.push_sql(" ORDER BY offer.id LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.rows)?;
        Ok(())
    }
}

impl QueryId for Matches<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl diesel::query_builder::Query for Matches<'_> {
    type SqlType = (SqlUuid, SqlUuid, Array<SqlUuid>, Text, Numeric, Numeric, Integer, Jsonb, Bool);
}

impl<C> diesel::RunQueryDsl<C> for Matches<'_> {}
