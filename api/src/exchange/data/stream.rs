//! The changes of an instrument as Server-Sent Events. A reader begins with a snapshot and goes on with numbered changes; one that falls
//! behind gets a new snapshot.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use domain::exchange::{Event, Market, Public, Rejection, Side};
use domain::kernel::InstrumentId;
use futures::{Stream, StreamExt};
use infra::exchange::words;
use infra::journal::{Committed, Handle};
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use super::{look, show};
use crate::app::App;
use crate::exchange::access;
use crate::exchange::floor::{self, Hosted, Listed};
use crate::exchange::stream::{Opened, Place, Token};
use crate::http::principal::Principal;
use crate::http::problem::Problem;
use crate::http::sse::{Message, Part};

/// How many levels of each side a snapshot shows.
const LEVELS: usize = 1_000;

/// How often something is sent at least, and whether the reader still may is asked.
const HEARTBEAT: Duration = Duration::from_secs(15);

struct Reader {
    app: App,
    token: Token,
    listed: Arc<Listed>,
    market: Handle<Market>,
}

struct Reading {
    reader: Reader,
    live: Receiver<Arc<Committed<Event>>>,
    /// What was missed meanwhile, to be sent before what is live.
    missed: VecDeque<Arc<Committed<Event>>>,
    /// What was sent last; none before the first snapshot.
    sent: Option<Place>,
    /// When it was asked last whether the reader still may.
    asked_at: Instant,
}

/// What is sent to a reader until it may not read any more, the market moves to another node, or the service stops.
pub async fn open(
    app: &App,
    viewer: Option<&Principal>,
    token: Token,
    id: InstrumentId,
    last: Option<Place>,
) -> Result<Opened, Problem> {
    let listed = look::seen(app, viewer, id).await?;
    let market = match floor::market(app, listed.stream).await? {
        Hosted::Here(market) => market,
        Hosted::There(address) => return Ok(Opened::There(address)),
    };
    look::listing(app, &market, id).await?;
    let reader = Reader { app: app.clone(), token, listed, market };
    Ok(Opened::Here(of(reader, last).boxed_local()))
}

fn of(reader: Reader, last: Option<Place>) -> impl Stream<Item = Part> {
    let live = reader.market.subscribe();
    // Subscribed before the past is looked at, so that nothing falls between.
    let missed = last.and_then(|last| reader.market.since(last.entry));
    let sent = last.filter(|_| missed.is_some());
    let missed = missed.unwrap_or_default().into();
    let reading = Reading { reader, live, missed, sent, asked_at: Instant::now() };
    futures::stream::unfold(reading, |mut reading| async move {
        let part = reading.next().await?;
        Some((part, reading))
    })
}

impl Reading {
    async fn next(&mut self) -> Option<Part> {
        if self.sent.is_none() {
            return self.snapshot("begin").await;
        }
        loop {
            let entry = match self.missed.pop_front() {
                Some(entry) => entry,
                None => match self.hear().await? {
                    Heard::Entry(entry) => entry,
                    Heard::Nothing => return Some(Part::Beat),
                    Heard::TooMuch => return self.snapshot("behind").await,
                },
            };
            let messages = self.render(&entry);
            if !messages.is_empty() {
                return Some(Part::Messages(messages));
            }
        }
    }

    /// The next entry; none at the end of the stream.
    async fn hear(&mut self) -> Option<Heard> {
        if self.asked_at.elapsed() >= HEARTBEAT {
            if !self.may_read().await {
                return None;
            }
            self.asked_at = Instant::now();
        }
        let stopping = self.reader.app.stopping.clone();
        let heard = tokio::select! {
            heard = tokio::time::timeout(HEARTBEAT, self.live.recv()) => heard,
            () = stopping.cancelled() => return None,
        };
        match heard {
            Ok(Ok(entry)) => Some(Heard::Entry(entry)),
            Ok(Err(RecvError::Lagged(_))) => Some(Heard::TooMuch),
            Ok(Err(RecvError::Closed)) => None,
            Err(_) => Some(Heard::Nothing),
        }
    }

    async fn may_read(&self) -> bool {
        let reader = &self.reader;
        let Ok(by) = reader.token.viewer(&reader.app).await else { return false };
        let Ok(mut connection) = reader.app.pool.get().await else { return false };
        access::seen_of(&mut connection, by.as_deref(), reader.listed.portal.0, floor::unknown).await.is_ok()
    }

    async fn snapshot(&mut self, reason: &str) -> Option<Part> {
        let instrument = self.reader.listed.id;
        let look = move |market: &Market| -> Result<_, Rejection> {
            Ok((market.status(instrument)?, market.depth(instrument, LEVELS)?))
        };
        let (entry, found) = self.reader.market.look(look).await.ok()?;
        let (status, depth) = found.ok()?;
        self.sent = Some(Place { entry, event: usize::MAX });
        let listed = &self.reader.listed;
        let data = json!({
            "reason": reason,
            "book": show::book(&depth, listed),
            "ticker": show::ticker(&status, &depth, listed),
        });
        let message = Message { id: entry.to_string(), event: "snapshot".to_owned(), data: data.to_string() };
        Some(Part::Messages(vec![message]))
    }

    /// What of an entry concerns the instrument and was not sent.
    fn render(&mut self, entry: &Committed<Event>) -> Vec<Message> {
        let (mut messages, mut levels) = (Vec::new(), Vec::new());
        for (event, what) in entry.events.iter().enumerate() {
            let place = Place { entry: entry.number, event };
            let Event::Public(public) = what else { continue };
            let Some((kind, data)) = told(public, &self.reader.listed, &mut levels) else { continue };
            if self.sent.is_some_and(|sent| place <= sent) {
                continue;
            }
            self.sent = Some(place);
            let id = format!("{}.{event}", entry.number);
            messages.push(Message { id, event: kind.to_owned(), data: data.to_string() });
        }
        messages
    }
}

enum Heard {
    Entry(Arc<Committed<Event>>),
    Nothing,
    /// More than is kept for a slow reader.
    TooMuch,
}

/// Name and data of an event of the instrument. Levels are collected until the change that they belong to.
fn told(public: &Public, listed: &Listed, levels: &mut Vec<Value>) -> Option<(&'static str, Value)> {
    match *public {
        Public::Level { instrument, side, price, lots } if instrument == listed.id => {
            levels.push(level(side, price, lots, listed));
            None
        }
        Public::BookChanged { instrument, change, checksum } if instrument == listed.id => {
            let levels = std::mem::take(levels);
            let data = json!({"change": change, "previous": change - 1, "checksum": checksum, "levels": levels});
            Some(("book", data))
        }
        Public::Trade { instrument, trade, price, lots, aggressor, .. } if instrument == listed.id => {
            let data = json!({
                "id": domain::exchange::trade_id(listed.stream, trade),
                "price": listed.price(price),
                "quantity": listed.quantity(lots),
                "aggressor": aggressor.map(words::side),
            });
            Some(("trade", data))
        }
        Public::Indicative { instrument, price, lots, surplus, surplus_side } if instrument == listed.id => {
            let shown = show::indicative(price, (lots, surplus), surplus_side, listed);
            Some(("indicative", serde_json::to_value(shown).ok()?))
        }
        Public::Phase { instrument, from, to, halted_for } if instrument == listed.id => {
            let data = json!({"from": show::phase(from), "to": show::phase(to), "reason": halted_for});
            Some(("phase", data))
        }
        Public::Reference { instrument, price } if instrument == listed.id => {
            Some(("reference", json!({"price": listed.price(price)})))
        }
        Public::SessionEnded { instrument, session, last } if instrument == listed.id => {
            Some(("session_ended", json!({"session": session, "last_price": last.map(|ticks| listed.price(ticks))})))
        }
        _ => None,
    }
}

fn level(side: Side, price: i64, lots: u64, listed: &Listed) -> Value {
    json!({"side": words::side(side), "price": listed.price(price), "quantity": listed.quantity(lots)})
}
