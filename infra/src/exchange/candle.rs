//! Candles as they are read.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{InstrumentId, Timestamp};
use rust_decimal::Decimal;

use crate::Failure;
use crate::db::Connection;
use crate::schema::exchange_candle;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = exchange_candle)]
pub struct CandleRow {
    pub start: Timestamp,
    pub open: i64,
    pub high: i64,
    pub low: i64,
    pub close: i64,
    pub lots: i64,
    /// The sum of price × lots.
    pub turnover: Decimal,
    pub trades: i64,
}

/// The candles of an instrument that begin within a stretch of time, the last one first.
pub async fn within(
    connection: &mut Connection,
    instrument: InstrumentId,
    resolution: &str,
    from: Timestamp,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<CandleRow>, Failure> {
    let own = exchange_candle::table
        .filter(exchange_candle::instrument_id.eq(instrument.0).and(exchange_candle::resolution.eq(resolution)))
        .filter(exchange_candle::start.ge(from).and(exchange_candle::start.lt(before)));
    let last = own.order(exchange_candle::start.desc()).limit(limit).select(CandleRow::as_select());
    Ok(last.load(connection).await?)
}
