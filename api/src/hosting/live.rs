//! What a machine does as it does it, for readers of a stream: first a snapshot, then what follows. A reader that falls behind gets a new
//! snapshot.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures::Stream;
use infra::journal::{Committed, Handle};
use serde_json::Value;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use super::Served;
use super::stream::Place;
use crate::app::App;
use crate::http::sse::{Message, Part};

/// How often something is sent at least, and whether the reader still may is asked.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// One thing that is told.
pub struct Told {
    /// The place among the events of its entry.
    pub event: usize,
    pub kind: &'static str,
    pub data: Value,
}

/// Who reads, and what is told it.
pub trait Reader<M: Served> {
    fn app(&self) -> &App;

    /// Whether it still may read. A token ends, and memberships do.
    fn may_read(&self) -> impl Future<Output = bool>;

    /// How everything stands now, and the number of the last entry that is in it; none where there is nothing to read any more.
    fn snapshot(&self, machine: &Handle<M>, reason: &str) -> impl Future<Output = Option<(i64, Value)>>;

    /// What of an entry is told, in the order in which it happened.
    fn told(&self, entry: &Committed<M::Event>) -> Vec<Told>;
}

struct Reading<M: Served, R> {
    reader: R,
    machine: Handle<M>,
    live: Receiver<Arc<Committed<M::Event>>>,
    /// What was missed meanwhile, to be sent before what is live.
    missed: VecDeque<Arc<Committed<M::Event>>>,
    /// What was sent last; none before the first snapshot.
    sent: Option<Place>,
    /// When it was asked last whether the reader still may.
    asked_at: Instant,
}

/// What is sent to a reader until it may not read any more, the machine moves to another node, or the service stops. `last` is what it has
/// got already.
pub fn read<M: Served, R: Reader<M>>(
    reader: R,
    machine: Handle<M>,
    last: Option<Place>,
) -> impl Stream<Item = Part> + use<M, R> {
    let live = machine.subscribe();
    // Subscribed before the past is looked at, so that nothing falls between.
    let missed = last.and_then(|last| machine.since(last.entry));
    let sent = last.filter(|_| missed.is_some());
    let missed = missed.unwrap_or_default().into();
    let reading = Reading { reader, machine, live, missed, sent, asked_at: Instant::now() };
    futures::stream::unfold(reading, |mut reading| async move {
        let part = reading.next().await?;
        Some((part, reading))
    })
}

enum Heard<E> {
    Entry(Arc<Committed<E>>),
    Nothing,
    /// More than is kept for a slow reader.
    TooMuch,
}

impl<M: Served, R: Reader<M>> Reading<M, R> {
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
    async fn hear(&mut self) -> Option<Heard<M::Event>> {
        if self.asked_at.elapsed() >= HEARTBEAT {
            if !self.reader.may_read().await {
                return None;
            }
            self.asked_at = Instant::now();
        }
        let stopping = self.reader.app().stopping.clone();
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

    async fn snapshot(&mut self, reason: &str) -> Option<Part> {
        let (entry, data) = self.reader.snapshot(&self.machine, reason).await?;
        self.sent = Some(Place { entry, event: usize::MAX });
        let message = Message { id: entry.to_string(), event: "snapshot".to_owned(), data: data.to_string() };
        Some(Part::Messages(vec![message]))
    }

    /// What of an entry is told and was not sent.
    fn render(&mut self, entry: &Committed<M::Event>) -> Vec<Message> {
        let mut messages = Vec::new();
        for Told { event, kind, data } in self.reader.told(entry) {
            let place = Place { entry: entry.number, event };
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
