//! The tables that follow a market's journal: orders and their steps, trades, candles; and the trades and changes of phase in the feed.

mod candles;
mod feed;
mod order_statements;
mod orders;
mod phases;
mod steps;
mod trades;

use std::sync::Arc;

use domain::exchange::{Event, Private, Public};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::event::Event as FeedEvent;
use crate::journal::Committed;

/// Where an event stands in a journal: the entry, and the place among its events.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    pub entry: i64,
    pub position: i32,
}

/// What entries brought about, as rows of the tables.
pub struct Rows {
    orders: orders::Changes,
    steps: steps::Rows,
    trades: trades::Rows,
    candles: candles::Rows,
    phases: Vec<phases::Row>,
}

impl Rows {
    pub fn of(stream: Uuid, entries: &[Arc<Committed<Event>>]) -> Self {
        let mut orders = orders::Changes::default();
        let mut steps = steps::Rows::default();
        let mut trades = trades::Rows::default();
        let mut phases = Vec::new();
        for entry in entries {
            for (position, event) in entry.events.iter().enumerate() {
                match event {
                    Event::Public(Public::Trade { instrument, trade, session, price, lots, aggressor }) => {
                        trades.printed(stream, *instrument, *trade, *session, (*price, *lots), *aggressor, entry.at);
                    }
                    Event::Private(Private { company, what }) => {
                        let place =
                            Place { entry: entry.number, position: i32::try_from(position).unwrap_or(i32::MAX) };
                        orders.note(stream, place, *company, what, entry.at);
                        trades.note(stream, place, *company, what);
                        steps.note(stream, place, *company, what, entry.at);
                    }
                    Event::Public(Public::Phase { instrument, from, to, halted_for }) => phases.push(phases::Row {
                        instrument: *instrument,
                        from: *from,
                        to: *to,
                        halted_for: *halted_for,
                        at: entry.at,
                        entry: entry.number,
                        position,
                        trades_before: trades.all.len(),
                    }),
                    Event::Public(_) => {}
                }
            }
        }
        let candles = candles::Rows::of(stream, &trades);
        Self { orders, steps, trades, candles, phases }
    }

    /// One statement a table, however many rows there are.
    pub async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        let Self { orders, steps, trades, candles, phases: _ } = self;
        futures::try_join!(
            orders.write(connection),
            steps.write(connection),
            trades.write(connection),
            candles.write(connection)
        )?;
        Ok(())
    }
}

/// Brings tables and feed up to these entries.
pub async fn project(
    connection: &mut Connection,
    stream: Uuid,
    entries: &[Arc<Committed<Event>>],
) -> Result<Vec<FeedEvent>, Failure> {
    let rows = Rows::of(stream, entries);
    rows.write(connection).await?;
    let mut events = feed::of_trades(connection, &rows.trades).await?;
    // From the last one on, so that the places of those before it stay as they are.
    for (place, event) in phases::events(connection, stream, &rows.phases).await?.into_iter().rev() {
        events.insert(place.min(events.len()), event);
    }
    Ok(events)
}

/// Lots as PostgreSQL counts them; what one order or trade can have is far below 2⁶³.
fn signed(lots: u64) -> i64 {
    i64::try_from(lots).unwrap_or(i64::MAX)
}
