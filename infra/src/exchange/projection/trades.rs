//! Trades.

use std::collections::HashMap;

use domain::exchange::{Lots, Price, Side, TradeNumber, What, order_id, trade_id};
use domain::kernel::{InstrumentId, OrganisationId, Timestamp};
use uuid::Uuid;

use super::super::words;
use super::{Place, signed};
use crate::Failure;
use crate::db::Connection;
use crate::db::unnest::{Append, Column};

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
            insert(stream, &self.all).execute(connection).await?;
        }
        Ok(())
    }
}

fn insert(stream: Uuid, rows: &[Row]) -> Append {
    fn each<T>(rows: &[Row], of: impl Fn(&Row) -> T) -> Vec<T> {
        rows.iter().map(of).collect()
    }
    Append {
        into: "exchange_trade (stream_id, id, instrument_id, number, session, price, lots, aggressor, buyer_id, seller_id, buy_order_id,
            sell_order_id, at, entry, buy_position, sell_position, buy_open, sell_open)",
        columns: vec![
            Column::Uuids(vec![stream; rows.len()]),
            Column::Uuids(each(rows, |row| row.id)),
            Column::Uuids(each(rows, |row| row.instrument.0)),
            Column::Numbers(each(rows, |row| signed(row.number.0))),
            Column::Integers(each(rows, |row| i32::try_from(row.session).unwrap_or(i32::MAX))),
            Column::Numbers(each(rows, |row| row.price)),
            Column::Numbers(each(rows, |row| signed(row.lots))),
            Column::OptionalWords(each(rows, |row| row.aggressor.map(words::side))),
            Column::Uuids(each(rows, |row| row.buyer)),
            Column::Uuids(each(rows, |row| row.seller)),
            Column::Uuids(each(rows, |row| row.buy_order)),
            Column::Uuids(each(rows, |row| row.sell_order)),
            Column::Times(each(rows, |row| row.at)),
            Column::Numbers(each(rows, |row| row.bought.0.entry)),
            Column::Integers(each(rows, |row| row.bought.0.position)),
            Column::Integers(each(rows, |row| row.sold.0.position)),
            Column::Numbers(each(rows, |row| row.bought.1)),
            Column::Numbers(each(rows, |row| row.sold.1)),
        ],
    }
}
