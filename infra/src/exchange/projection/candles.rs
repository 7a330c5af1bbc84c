//! Candles: what the trades of a minute, five minutes, an hour, a day were like.

use std::collections::BTreeMap;

use chrono::{DurationRound, TimeDelta};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::exchange::Price;
use domain::kernel::Timestamp;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{signed, trades};
use crate::Failure;
use crate::db::Connection;

/// The stretches of time, each beginning at a whole multiple of itself in UTC.
pub const RESOLUTIONS: [(&str, TimeDelta); 4] = [
    ("1m", TimeDelta::minutes(1)),
    ("5m", TimeDelta::minutes(5)),
    ("1h", TimeDelta::hours(1)),
    ("1d", TimeDelta::days(1)),
];

struct Candle {
    open: Price,
    high: Price,
    low: Price,
    close: Price,
    lots: i64,
    turnover: Decimal,
    trades: i64,
}

impl Candle {
    fn add(&mut self, price: Price, lots: i64) {
        self.high = self.high.max(price);
        self.low = self.low.min(price);
        self.close = price;
        self.lots += lots;
        self.turnover += turnover(price, lots);
        self.trades += 1;
    }

    fn of(price: Price, lots: i64) -> Self {
        let turnover = turnover(price, lots);
        Self { open: price, high: price, low: price, close: price, lots, turnover, trades: 1 }
    }
}

/// At most 10²⁴, far within the range of decimals.
fn turnover(price: Price, lots: i64) -> Decimal {
    Decimal::from(price) * Decimal::from(lots)
}

pub struct Rows {
    stream: Uuid,
    candles: BTreeMap<(Uuid, &'static str, Timestamp), Candle>,
}

impl Rows {
    pub fn of(stream: Uuid, trades: &trades::Rows) -> Self {
        let mut candles = BTreeMap::<_, Candle>::new();
        for trade in &trades.all {
            let lots = signed(trade.lots);
            for (name, length) in RESOLUTIONS {
                let start = trade.at.duration_trunc(length).unwrap_or(trade.at);
                candles
                    .entry((trade.instrument.0, name, start))
                    .and_modify(|candle| candle.add(trade.price, lots))
                    .or_insert_with(|| Candle::of(trade.price, lots));
            }
        }
        Self { stream, candles }
    }

    pub async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        if !self.candles.is_empty() {
            Upsert::new(self).execute(&mut &*connection).await?;
        }
        Ok(())
    }
}

struct Upsert {
    stream: Uuid,
    instruments: Vec<Uuid>,
    resolutions: Vec<&'static str>,
    starts: Vec<Timestamp>,
    open: Vec<Price>,
    high: Vec<Price>,
    low: Vec<Price>,
    close: Vec<Price>,
    lots: Vec<i64>,
    turnover: Vec<Decimal>,
    trades: Vec<i64>,
}

impl Upsert {
    fn new(rows: &Rows) -> Self {
        let all = || rows.candles.iter();
        Self {
            stream: rows.stream,
            instruments: all().map(|((instrument, ..), _)| *instrument).collect(),
            resolutions: all().map(|((_, resolution, _), _)| *resolution).collect(),
            starts: all().map(|((.., start), _)| *start).collect(),
            open: all().map(|(_, candle)| candle.open).collect(),
            high: all().map(|(_, candle)| candle.high).collect(),
            low: all().map(|(_, candle)| candle.low).collect(),
            close: all().map(|(_, candle)| candle.close).collect(),
            lots: all().map(|(_, candle)| candle.lots).collect(),
            turnover: all().map(|(_, candle)| candle.turnover).collect(),
            trades: all().map(|(_, candle)| candle.trades).collect(),
        }
    }
}

impl QueryFragment<Pg> for Upsert {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO exchange_candle AS known (stream_id, instrument_id, resolution, start, open, high, low, close, lots,
                 turnover, trades) SELECT ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.stream)?;
        out.push_sql(", * FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.instruments)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.resolutions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.starts)?;
        for prices in [&self.open, &self.high, &self.low, &self.close, &self.lots] {
            out.push_sql(", ");
            out.push_bind_param::<Array<BigInt>, _>(prices)?;
        }
        out.push_sql(", ");
        out.push_bind_param::<Array<Numeric>, _>(&self.turnover)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.trades)?;
        out.push_sql(
            ") ON CONFLICT (instrument_id, resolution, start) DO UPDATE SET
                 high = greatest(known.high, excluded.high), low = least(known.low, excluded.low), close = excluded.close,
                 lots = known.lots + excluded.lots, turnover = known.turnover + excluded.turnover,
                 trades = known.trades + excluded.trades",
        );
        Ok(())
    }
}

impl QueryId for Upsert {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Upsert {}
