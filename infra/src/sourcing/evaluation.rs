//! What buyers say of quotes.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{QuoteId, RfqId, Timestamp};
use domain::sourcing::{LineNumber, Variant};
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::quote_evaluation;

/// What the buyer says of one quote.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = quote_evaluation, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct EvaluationRow {
    pub quote_id: Uuid,
    pub rfq_id: Uuid,
    /// 0 to 100, by the keys of the criteria that the buyer scores.
    pub scores: Value,
    /// For the rest of the way, duties and the like, in the currency of comparison.
    pub allowance: Option<Decimal>,
    /// The alternatives that count: `[[line, variant]]`.
    pub accepted: Value,
    /// For the buyer's own people.
    pub note: Option<String>,
    pub version: i64,
    pub at: Timestamp,
}

impl EvaluationRow {
    pub fn scores(&self) -> Result<BTreeMap<String, Decimal>, Failure> {
        serde_json::from_value(self.scores.clone()).map_err(Failure::broken)
    }

    pub fn accepted(&self) -> Result<BTreeSet<(LineNumber, Variant)>, Failure> {
        serde_json::from_value(self.accepted.clone()).map_err(Failure::broken)
    }
}

/// Keeps what is said of a quote in place of what was said before.
pub async fn put(tx: &mut Connection, said: &EvaluationRow) -> Result<(), Failure> {
    diesel::insert_into(quote_evaluation::table)
        .values(said)
        .on_conflict(quote_evaluation::quote_id)
        .do_update()
        .set(said)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn find(connection: &mut Connection, of: QuoteId) -> Result<Option<EvaluationRow>, Failure> {
    let query = quote_evaluation::table.find(of.0).select(EvaluationRow::as_select());
    Ok(query.first(connection).await.optional()?)
}

/// All that is said of quotes to a request.
pub async fn list(connection: &mut Connection, to: RfqId) -> Result<Vec<EvaluationRow>, Failure> {
    let query = quote_evaluation::table.filter(quote_evaluation::rfq_id.eq(to.0)).select(EvaluationRow::as_select());
    Ok(query.load(connection).await?)
}
