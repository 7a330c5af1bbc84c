//! Trades in the feed of events, for their two parties.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::exchange::{Lots, Price};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::trades::{self, Row};
use crate::Failure;
use crate::db::Connection;
use crate::event::Event as FeedEvent;
use crate::exchange::instrument::note_traded;
use crate::exchange::words;
use crate::schema::instrument;

/// By what prices and quantities of an instrument are told.
#[derive(Queryable, Selectable)]
#[diesel(table_name = instrument)]
struct Counted {
    id: Uuid,
    portal_id: Uuid,
    tick_size: Decimal,
    lot_size: Decimal,
    unit: String,
    currency: String,
}

impl Counted {
    fn price(&self, ticks: Price) -> Value {
        json!({"amount": (self.tick_size * Decimal::from(ticks)).normalize(), "currency": self.currency})
    }

    fn quantity(&self, lots: Lots) -> Value {
        json!({"value": (self.lot_size * Decimal::from(lots)).normalize(), "unit": self.unit})
    }
}

/// One event for each trade. Its parties learn of each other here. What was traded does not change any more.
pub async fn of_trades(connection: &Connection, trades: &trades::Rows) -> Result<Vec<FeedEvent>, Failure> {
    if trades.all.is_empty() {
        return Ok(Vec::new());
    }
    let named: HashSet<Uuid> = trades.all.iter().map(|trade| trade.instrument.0).collect();
    let named: Vec<Uuid> = named.into_iter().collect();
    note_traded(connection, &named, trades.all[0].at).await?;
    let rows: Vec<Counted> = instrument::table
        .filter(instrument::id.eq_any(named))
        .select(Counted::as_select())
        .load(&mut &*connection)
        .await?;
    let instruments: HashMap<Uuid, Counted> = rows.into_iter().map(|row| (row.id, row)).collect();
    let event = |trade: &Row| instruments.get(&trade.instrument.0).map(|counted| event(trade, counted));
    Ok(trades.all.iter().filter_map(event).collect())
}

fn event(trade: &Row, counted: &Counted) -> FeedEvent {
    let data = json!({
        "instrument_id": trade.instrument,
        "price": counted.price(trade.price),
        "quantity": counted.quantity(trade.lots),
        "aggressor": trade.aggressor.map(words::side),
        "buyer_id": trade.buyer,
        "seller_id": trade.seller,
        "buy_order_id": trade.buy_order,
        "sell_order_id": trade.sell_order,
    });
    FeedEvent {
        id: trade.id,
        kind: "trade.executed",
        subject_kind: "trade",
        subject_id: trade.id,
        subject_version: 1,
        portal_id: Some(counted.portal_id),
        actor_id: None,
        request_id: None,
        audience: vec![trade.buyer, trade.seller],
        data,
        at: trade.at,
    }
}
