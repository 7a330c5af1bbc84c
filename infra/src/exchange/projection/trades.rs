//! Trades.

use std::collections::HashMap;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::exchange::{Lots, Price, Side, TradeNumber, What, order_id, trade_id};
use domain::kernel::{InstrumentId, OrganisationId, Timestamp};
use uuid::Uuid;

use super::super::words;
use super::{Place, signed};
use crate::Failure;
use crate::db::Connection;

/// A trade with both its sides.
pub struct Row {
    pub id: Uuid,
    pub instrument: InstrumentId,
    pub number: TradeNumber,
    pub session: u32,
    pub price: Price,
    pub lots: Lots,
    pub aggressor: Option<Side>,
    pub buyer: Uuid,
    pub seller: Uuid,
    pub buy_order: Uuid,
    pub sell_order: Uuid,
    /// Where each side is told, and what was left of its order.
    pub bought: (Place, i64),
    pub sold: (Place, i64),
    pub at: Timestamp,
}

#[derive(Default)]
pub struct Rows {
    stream: Option<Uuid>,
    pub all: Vec<Row>,
    places: HashMap<TradeNumber, usize>,
}

impl Rows {
    /// A trade was printed. Who has traded is told by what follows.
    #[allow(clippy::too_many_arguments)]
    pub fn printed(
        &mut self,
        stream: Uuid,
        instrument: InstrumentId,
        trade: TradeNumber,
        session: u32,
        (price, lots): (Price, Lots),
        aggressor: Option<Side>,
        at: Timestamp,
    ) {
        self.stream = Some(stream);
        self.places.insert(trade, self.all.len());
        self.all.push(Row {
            id: trade_id(stream, trade).0,
            instrument,
            number: trade,
            session,
            price,
            lots,
            aggressor,
            buyer: Uuid::nil(),
            seller: Uuid::nil(),
            buy_order: Uuid::nil(),
            sell_order: Uuid::nil(),
            bought: Default::default(),
            sold: Default::default(),
            at,
        });
    }

    pub fn note(&mut self, stream: Uuid, place: Place, company: OrganisationId, what: &What) {
        let What::Filled { order, side, trade, open, .. } = *what else { return };
        let Some(row) = self.places.get(&trade).and_then(|&place| self.all.get_mut(place)) else { return };
        let (order, told) = (order_id(stream, order).0, (place, signed(open)));
        match side {
            Side::Buy => (row.buyer, row.buy_order, row.bought) = (company.0, order, told),
            Side::Sell => (row.seller, row.sell_order, row.sold) = (company.0, order, told),
        }
    }

    pub async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        if let Some(stream) = self.stream {
            Insert::new(stream, &self.all).execute(&mut &*connection).await?;
        }
        Ok(())
    }
}

struct Insert {
    stream: Uuid,
    ids: Vec<Uuid>,
    instruments: Vec<Uuid>,
    numbers: Vec<i64>,
    sessions: Vec<i32>,
    prices: Vec<Price>,
    lots: Vec<i64>,
    aggressors: Vec<Option<&'static str>>,
    buyers: Vec<Uuid>,
    sellers: Vec<Uuid>,
    buy_orders: Vec<Uuid>,
    sell_orders: Vec<Uuid>,
    times: Vec<Timestamp>,
    entries: Vec<i64>,
    buy_positions: Vec<i32>,
    sell_positions: Vec<i32>,
    buy_open: Vec<i64>,
    sell_open: Vec<i64>,
}

impl Insert {
    fn new(stream: Uuid, rows: &[Row]) -> Self {
        Self {
            stream,
            ids: rows.iter().map(|row| row.id).collect(),
            instruments: rows.iter().map(|row| row.instrument.0).collect(),
            numbers: rows.iter().map(|row| signed(row.number.0)).collect(),
            sessions: rows.iter().map(|row| i32::try_from(row.session).unwrap_or(i32::MAX)).collect(),
            prices: rows.iter().map(|row| row.price).collect(),
            lots: rows.iter().map(|row| signed(row.lots)).collect(),
            aggressors: rows.iter().map(|row| row.aggressor.map(words::side)).collect(),
            buyers: rows.iter().map(|row| row.buyer).collect(),
            sellers: rows.iter().map(|row| row.seller).collect(),
            buy_orders: rows.iter().map(|row| row.buy_order).collect(),
            sell_orders: rows.iter().map(|row| row.sell_order).collect(),
            times: rows.iter().map(|row| row.at).collect(),
            entries: rows.iter().map(|row| row.bought.0.entry).collect(),
            buy_positions: rows.iter().map(|row| row.bought.0.position).collect(),
            sell_positions: rows.iter().map(|row| row.sold.0.position).collect(),
            buy_open: rows.iter().map(|row| row.bought.1).collect(),
            sell_open: rows.iter().map(|row| row.sold.1).collect(),
        }
    }
}

impl QueryFragment<Pg> for Insert {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO exchange_trade (stream_id, id, instrument_id, number, session, price, lots, aggressor, buyer_id,
                 seller_id, buy_order_id, sell_order_id, at, entry, buy_position, sell_position, buy_open, sell_open) SELECT ",
        );
        out.push_bind_param::<SqlUuid, _>(&self.stream)?;
        out.push_sql(", * FROM unnest(");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.ids)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.instruments)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.numbers)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Integer>, _>(&self.sessions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.prices)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.lots)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.aggressors)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.buyers)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.sellers)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.buy_orders)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlUuid>, _>(&self.sell_orders)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamptz>, _>(&self.times)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.entries)?;
        for positions in [&self.buy_positions, &self.sell_positions] {
            out.push_sql(", ");
            out.push_bind_param::<Array<Integer>, _>(positions)?;
        }
        for open in [&self.buy_open, &self.sell_open] {
            out.push_sql(", ");
            out.push_bind_param::<Array<BigInt>, _>(open)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

impl QueryId for Insert {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<C> diesel::RunQueryDsl<C> for Insert {}
