//! Attempts: a request, and what was answered.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::webhook_attempt;

/// A request, and what was answered.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = webhook_attempt)]
pub struct AttemptRow {
    /// From 1, over all times that the event was sent.
    pub number: i32,
    pub at: Timestamp,
    pub duration_ms: i32,
    pub signature: String,
    pub status: Option<i16>,
    /// Why there was no answer, or it was no success.
    pub error: Option<String>,
    pub response_headers: Option<Value>,
    /// The beginning of it.
    pub response_body: Option<String>,
}

/// The attempts of a delivery that the caller may see, first to last.
pub async fn of_delivery(connection: &mut Connection, delivery: Uuid) -> Result<Vec<AttemptRow>, Failure> {
    let query = webhook_attempt::table.filter(webhook_attempt::delivery_id.eq(delivery)).order(webhook_attempt::number);
    Ok(query.select(AttemptRow::as_select()).load(connection).await?)
}
