//! Brings the tables that are made from a journal up to it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::handle::{Committed, Shared};
use super::host::{UNUSED, connect};
use super::machine::{Happened, Machine};
use crate::Failure;
use crate::db::prepared::Prepare;
use crate::db::{Connection, tx};
use crate::schema::journal_projection;

/// How many entries are taken at a time, and after how many events no more are: while the database writes their rows, callers feel it.
const MOST_ENTRIES: usize = 1_024;
const ENOUGH_EVENTS: usize = 2_000;

/// How long entries gather while no reader waits for them: a transaction costs as much as the rows of some dozen orders.
const GATHER: Duration = Duration::from_millis(15);

/// While fewer events than that wait, and nobody follows the tables or waits for them, these give way to callers as long as entries come.
const FEW_EVENTS: usize = 1_600_000;

/// How they give way: the fuller the entries are, the more callers wait for one, and so many events in each are a reason to rest once
/// more as long as was worked, up to [`MOST_RESTS`] times. A market that is not under pressure is followed at once.
const EVENTS_A_REST: usize = 12;
const MOST_RESTS: u32 = 9;

/// A node that is frozen within a transaction holds the tables back from the next host no longer than the stream itself.
const IDLE: &str = "SET idle_in_transaction_session_timeout = '5s'";

/// How far the tables that follow a stream are: the number of the last entry that is in them.
pub async fn cursor(connection: &mut Connection, stream: Uuid) -> Result<i64, Failure> {
    let number = journal_projection::table.find(stream).select(journal_projection::number);
    Ok(number.first(connection).await?)
}

/// Moves the cursor on; false if it does not stand where it is expected: somebody else projects.
async fn advance(connection: &mut Connection, stream: Uuid, from: i64, to: i64) -> Result<bool, Failure> {
    let own = journal_projection::table
        .filter(journal_projection::stream_id.eq(stream).and(journal_projection::number.eq(from)));
    let moved = diesel::update(own).set(journal_projection::number.eq(to)).prepared().execute(connection).await?;
    Ok(moved == 1)
}

pub struct Projector<M: Machine> {
    pub url: String,
    pub shared: Arc<Shared<M>>,
    pub entries: mpsc::UnboundedReceiver<Arc<Committed<M::Event>>>,
    /// Of the last entry that the tables hold.
    pub number: i64,
    pub happened: Happened,
    pub stop: CancellationToken,
}

impl<M: Machine> Projector<M> {
    /// Follows until the host has ended and all is done, or is told to stop.
    pub async fn run(mut self) {
        let mut connection = None;
        let mut entries = Vec::new();
        let mut owed = Duration::ZERO;
        while self.gather(owed, &mut entries, &mut connection).await {
            let since = Instant::now();
            while let Err(failure) = self.project(&mut connection, &entries).await {
                tracing::warn!(stream = %self.shared.stream, %failure, "the tables do not follow the journal");
                connection = None;
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_millis(500)) => {},
                    () = self.stop.cancelled() => return,
                }
            }
            let events: usize = entries.iter().map(|entry| entry.events.len()).sum();
            self.shared.behind.fetch_sub(events, Ordering::Relaxed);
            let rests = (events / entries.len().max(1) / EVENTS_A_REST) as u32;
            owed = since.elapsed() * rests.min(MOST_RESTS);
            entries.clear();
        }
    }

    /// False when the host has ended and nothing is left.
    async fn gather(
        &mut self,
        owed: Duration,
        entries: &mut Vec<Arc<Committed<M::Event>>>,
        connection: &mut Option<Connection>,
    ) -> bool {
        let first = loop {
            match tokio::time::timeout(UNUSED, self.entries.recv()).await {
                Ok(first) => break first,
                Err(_) => *connection = None,
            }
        };
        let Some(first) = first else { return false };
        tokio::select! {
            () = self.rest(owed) => {},
            () = self.shared.wanted.notified() => {},
            () = self.stop.cancelled() => {},
        }
        let mut events = first.events.len();
        entries.push(first);
        while entries.len() < MOST_ENTRIES
            && events < ENOUGH_EVENTS
            && let Ok(next) = self.entries.try_recv()
        {
            events += next.events.len();
            entries.push(next);
        }
        true
    }

    async fn rest(&self, owed: Duration) {
        let is_followed = self.shared.projected.receiver_count() > 0;
        let (few, longest) = if is_followed { (ENOUGH_EVENTS, GATHER) } else { (FEW_EVENTS, owed) };
        if self.shared.events_behind() > few {
            return;
        }
        let since = Instant::now();
        loop {
            let waiting = self.entries.len();
            tokio::time::sleep(GATHER).await;
            let is_quiet = self.entries.len() == waiting;
            if is_quiet || since.elapsed() >= longest {
                return;
            }
        }
    }

    async fn project(
        &mut self,
        connection: &mut Option<Connection>,
        entries: &[Arc<Committed<M::Event>>],
    ) -> Result<(), Failure> {
        let Some(last) = entries.last().map(|entry| entry.number) else { return Ok(()) };
        let stream = self.shared.stream;
        let mut used = match connection.take() {
            Some(connection) => connection,
            None => {
                // The last attempt may have been committed although its answer was lost, and an earlier host's tables may have gone on
                // after this one began.
                let mut fresh = connect(&self.url).await?;
                fresh.batch_execute(IDLE).await?;
                self.number = self.number.max(cursor(&mut fresh, stream).await?);
                fresh
            }
        };
        let from = self.number;
        let entries = &entries[entries.partition_point(|entry| entry.number <= from)..];
        if !entries.is_empty() {
            let happened = tx::once(&mut used, &async |tx| {
                if !advance(tx, stream, from, last).await? {
                    return Err(Failure::broken("somebody else projects this journal"));
                }
                let happened = M::project(tx, stream, entries).await?;
                crate::event::append(tx, &happened).await?;
                Ok(happened)
            })
            .await?;
            (self.happened)(&happened);
        }
        self.number = self.number.max(last);
        self.shared.projected.send_replace(self.number);
        *connection = Some(used);
        Ok(())
    }
}
