//! The tables that follow the journal of a portal's auctions: lots, their histories, receipts and awards; and what is told in the feed.

mod awards;
mod bidders;
mod entries;
mod feed;
mod lots;
mod overview;
mod receipts;

use std::sync::Arc;

use domain::auction::{Change, Event, Private, Public};
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;
use crate::event::Event as FeedEvent;
use crate::journal::Committed;

/// What entries brought about, as rows of the tables and as news.
#[derive(Default)]
struct Rows {
    lots: lots::Changes,
    entries: entries::Rows,
    receipts: receipts::Rows,
    awards: awards::Rows,
    bidders: bidders::Rows,
    news: feed::News,
}

impl Rows {
    fn of(stream: Uuid, entries: &[Arc<Committed<Event>>]) -> Self {
        let mut rows = Self::default();
        for entry in entries {
            for (position, event) in entry.events.iter().enumerate() {
                let place = feed::Place { entry: entry.number, position, at: entry.at };
                match event {
                    Event::Public(public) => rows.note_public(public, place),
                    Event::Private(private) => rows.note_private(stream, private, place),
                    Event::ToOpen { .. } => {}
                }
            }
        }
        rows
    }

    fn note_public(&mut self, public: &Public, place: feed::Place) {
        self.lots.note(public);
        if let Change::Entered { entry, .. } = &public.what {
            self.entries.note(public.auction, public.lot, entry);
        }
        self.news.note_public(public, place);
    }

    fn note_private(&mut self, stream: Uuid, private: &Private, place: feed::Place) {
        self.receipts.note(private);
        self.awards.note(stream, private, place.at);
        self.bidders.note(private);
        self.news.note_private(private, place);
    }

    /// One statement a table, however many rows there are; rows that were there are changed by one more.
    async fn write(&self, connection: &Connection) -> Result<(), Failure> {
        self.lots.write(connection).await?;
        self.entries.write(connection).await?;
        self.receipts.write(connection).await?;
        self.awards.write(connection).await?;
        self.bidders.write(connection).await
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
    let known = overview::follow(connection, &rows.lots.auctions()).await?;
    rows.news.events(connection, stream, &known).await
}

/// The number of a lot as PostgreSQL has it; there are at most 1,000 in an auction.
fn small(lot: u16) -> i16 {
    i16::try_from(lot).unwrap_or(i16::MAX)
}

/// Numbers of acts and of units as PostgreSQL counts them; what one lot can have is far below its range.
fn integer(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
