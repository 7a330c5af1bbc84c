//! Compares what is kept with what was made anew, row by row as they come in: however many there are, few are in memory.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use futures::TryStreamExt;
use uuid::Uuid;

use super::Trouble;
use super::table::Table;
use crate::db::Connection;

#[derive(Debug, PartialEq, Eq, QueryableByName)]
pub struct Row {
    #[diesel(sql_type = Text)]
    pub key: String,
    #[diesel(sql_type = Text)]
    pub content: String,
}

/// Says how many rows there are if all of them are equal.
pub async fn table(table: &Table, stream: Uuid, kept: &mut Connection, made: &mut Connection) -> Result<u64, Trouble> {
    let rows = |schema: &str| diesel::sql_query(table.rows(schema)).bind::<SqlUuid, _>(stream);
    let mut kept = rows("public").load_stream::<Row>(kept).await?;
    let mut made = rows("pg_temp").load_stream::<Row>(made).await?;
    let mut count = 0;
    loop {
        match (kept.try_next().await?, made.try_next().await?) {
            (None, None) => return Ok(count),
            (Some(kept), Some(made)) if kept == made => count += 1,
            (kept, made) => return Err(Trouble::Differs(table.difference(kept.as_ref(), made.as_ref()))),
        }
    }
}

/// Every trade must be told in the feed, once.
pub async fn feed(stream: Uuid, kept: &mut Connection) -> Result<(), Trouble> {
    #[derive(QueryableByName)]
    struct Told {
        #[diesel(sql_type = SqlUuid)]
        id: Uuid,
        #[diesel(sql_type = BigInt)]
        times: i64,
    }
    let wrong = diesel::sql_query(
        "SELECT t.id, told.times FROM public.exchange_trade t, LATERAL (
             SELECT count(*) AS times FROM event e WHERE e.subject_id = t.id AND e.type = 'trade.executed') told
         WHERE t.stream_id = $1 AND told.times <> 1 ORDER BY t.id LIMIT 1",
    );
    let found: Option<Told> = wrong.bind::<SqlUuid, _>(stream).get_result(kept).await.optional()?;
    match found {
        Some(Told { id, times }) => Err(Trouble::Differs(format!("trade {id} is told {times} times in the feed"))),
        None => Ok(()),
    }
}
