//! Which trades of a market have become contracts. What stands here is the truth: a market that does not know of it is told again.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::exchange::{TradeNumber, trade_id};
use domain::kernel::Timestamp;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::schema::{exchange_cleared_trade, exchange_trade};

/// How many trades are asked for at once.
const PART: usize = 10_000;

/// Holds the clearing of a market until the transaction ends: of two who clear at once, the second one sees what the first one did.
pub async fn hold(tx: &Connection, stream: Uuid) -> Result<(), Failure> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtext('clearing'), hashtext($1::text))")
        .bind::<SqlUuid, _>(stream)
        .execute(&mut &*tx)
        .await?;
    Ok(())
}

/// Those of the trades that are cleared.
pub async fn cleared(
    connection: &mut Connection,
    stream: Uuid,
    trades: &[TradeNumber],
) -> Result<HashSet<TradeNumber>, Failure> {
    let mut found = HashSet::new();
    for part in trades.chunks(PART) {
        let numbers: Vec<i64> = part.iter().map(|&trade| signed(trade)).collect();
        let known: Vec<i64> = exchange_cleared_trade::table
            .filter(exchange_cleared_trade::stream_id.eq(stream).and(exchange_cleared_trade::number.eq_any(numbers)))
            .select(exchange_cleared_trade::number)
            .load(connection)
            .await?;
        found.extend(known.into_iter().map(number));
    }
    Ok(found)
}

/// Notes trades as cleared, each with the contract that it has become a part of.
pub async fn insert(
    tx: &mut Connection,
    stream: Uuid,
    trades: &[(TradeNumber, Option<Uuid>)],
    at: Timestamp,
) -> Result<(), Failure> {
    let (numbers, contracts): (Vec<i64>, Vec<Option<Uuid>>) =
        trades.iter().map(|&(trade, contract)| (signed(trade), contract)).unzip();
    diesel::sql_query(
        "INSERT INTO exchange_cleared_trade (stream_id, number, contract_id, cleared_at)
         SELECT $1, n.number, n.contract_id, $2 FROM unnest($3, $4) AS n (number, contract_id)",
    )
    .bind::<SqlUuid, _>(stream)
    .bind::<Timestamptz, _>(at)
    .bind::<Array<BigInt>, _>(numbers)
    .bind::<Array<Nullable<SqlUuid>>, _>(contracts)
    .execute(tx)
    .await?;
    Ok(())
}

/// The sessions in which trades were done, as far as the tables know of them.
pub async fn sessions(
    connection: &mut Connection,
    stream: Uuid,
    trades: &[TradeNumber],
) -> Result<HashMap<TradeNumber, u32>, Failure> {
    let mut found = HashMap::new();
    for part in trades.chunks(PART) {
        let ids: Vec<Uuid> = part.iter().map(|&trade| trade_id(stream, trade).0).collect();
        let known: Vec<(i64, i32)> = exchange_trade::table
            .filter(exchange_trade::id.eq_any(ids))
            .select((exchange_trade::number, exchange_trade::session))
            .load(connection)
            .await?;
        found.extend(known.into_iter().map(|(trade, session)| (number(trade), session.unsigned_abs())));
    }
    Ok(found)
}

/// Trades are counted from 1, far below 2⁶³.
fn signed(trade: TradeNumber) -> i64 {
    i64::try_from(trade.0).unwrap_or(i64::MAX)
}

fn number(kept: i64) -> TradeNumber {
    TradeNumber(kept.unsigned_abs())
}
