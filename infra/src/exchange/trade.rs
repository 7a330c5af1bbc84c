//! Trades as they are read.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::kernel::{InstrumentId, OrganisationId, Timestamp, TradeId};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::db::page::Page;
use crate::schema::exchange_trade;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = exchange_trade)]
pub struct TradeRow {
    pub id: Uuid,
    pub instrument_id: Uuid,
    pub number: i64,
    pub session: i32,
    /// In ticks.
    pub price: i64,
    pub lots: i64,
    pub aggressor: Option<String>,
    pub buyer_id: Uuid,
    pub seller_id: Uuid,
    pub buy_order_id: Uuid,
    pub sell_order_id: Uuid,
    pub at: Timestamp,
}

/// The trades of an instrument, the last one first. Who traded is not for everybody: the caller shows it to nobody.
pub async fn of_instrument(
    connection: &mut Connection,
    instrument: InstrumentId,
    page: &Page,
) -> Result<Vec<TradeRow>, Failure> {
    let mut query = exchange_trade::table
        .filter(exchange_trade::instrument_id.eq(instrument.0))
        .order(exchange_trade::id.desc())
        .limit(page.rows())
        .select(TradeRow::as_select())
        .into_boxed();
    if let Some(after) = page.after_id() {
        query = query.filter(exchange_trade::id.lt(after));
    }
    Ok(query.load(connection).await?)
}

/// A trade of a company, bought or sold.
pub async fn one(
    connection: &mut Connection,
    organisation: OrganisationId,
    id: TradeId,
) -> Result<Option<TradeRow>, Failure> {
    let own = exchange_trade::buyer_id.eq(organisation.0).or(exchange_trade::seller_id.eq(organisation.0));
    let query = exchange_trade::table.filter(exchange_trade::id.eq(id.0)).filter(own);
    Ok(query.select(TradeRow::as_select()).first(connection).await.optional()?)
}

/// The trades of a company, bought and sold, the last one first.
pub async fn of_organisation(
    connection: &mut Connection,
    organisation: OrganisationId,
    instrument: Option<InstrumentId>,
    page: &Page,
) -> Result<Vec<TradeRow>, Failure> {
    let own = exchange_trade::buyer_id.eq(organisation.0).or(exchange_trade::seller_id.eq(organisation.0));
    let mut query = exchange_trade::table
        .filter(own)
        .order(exchange_trade::id.desc())
        .limit(page.rows())
        .select(TradeRow::as_select())
        .into_boxed();
    if let Some(instrument) = instrument {
        query = query.filter(exchange_trade::instrument_id.eq(instrument.0));
    }
    if let Some(after) = page.after_id() {
        query = query.filter(exchange_trade::id.lt(after));
    }
    Ok(query.load(connection).await?)
}
