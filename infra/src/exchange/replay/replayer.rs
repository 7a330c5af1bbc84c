//! Goes through a journal, compares the snapshots on its way, and makes the tables anew.

use std::collections::VecDeque;
use std::sync::Arc;

use diesel_async::SimpleAsyncConnection;
use domain::exchange::{Event, Market};
use uuid::Uuid;

use super::Trouble;
use super::table::TABLES;
use crate::Failure;
use crate::db::Connection;
use crate::exchange::projection::Rows;
use crate::journal::{self, Committed, Replay};

/// After how many events rows are written.
const ENOUGH_EVENTS: usize = 20_000;

pub struct Replayer {
    /// Has the tables that are made anew: temporary ones, so that they need no memory here and nobody else sees them.
    pub connection: Connection,
    pub state: Replay<Market>,
    /// The numbers of the snapshots that lie ahead.
    snapshots: VecDeque<i64>,
    /// How many snapshots were found to be right.
    pub compared: u64,
}

impl Replayer {
    pub async fn begin(mut connection: Connection, stream: Uuid) -> Result<Self, Failure> {
        connection.batch_execute("SET statement_timeout = 0").await?;
        for table in &TABLES {
            connection.batch_execute(&table.temporary()).await?;
        }
        let snapshots = journal::snapshots(&mut connection, stream).await?.into();
        Ok(Self { connection, state: Replay::from_beginning(stream), snapshots, compared: 0 })
    }

    /// Replays up to an entry. What comes out is written as the projections write it: by the same statements, which find the temporary
    /// tables before those of the same names that are kept.
    pub async fn follow(&mut self, last: i64) -> Result<(), Trouble> {
        if last < self.state.number {
            return Err(Failure::Unavailable("the tables are being made anew".to_owned()).into());
        }
        while self.state.number < last {
            let page = self.step(last).await?;
            self.write(page).await?;
        }
        Ok(())
    }

    /// Replays on to the last snapshot: it may be of a later entry than the tables hold.
    pub async fn up_to_last_snapshot(&mut self) -> Result<(), Trouble> {
        while let Some(&last) = self.snapshots.back() {
            self.step(last).await?;
        }
        Ok(())
    }

    /// Some entries, at most up to the next snapshot, which is compared then.
    async fn step(&mut self, last: i64) -> Result<Vec<Committed<Event>>, Trouble> {
        let goal = self.snapshots.front().map_or(last, |&snapshot| snapshot.min(last));
        let page = self.state.step(&mut self.connection, Some(goal)).await?;
        let number = self.state.number;
        if page.is_empty() {
            return Err(Trouble::Differs(format!("entry {goal} was reached once, but the journal ends with {number}")));
        }
        if self.snapshots.front() == Some(&number) {
            self.snapshots.pop_front();
            self.compare_snapshot(number).await?;
        }
        Ok(page)
    }

    async fn compare_snapshot(&mut self, number: i64) -> Result<(), Trouble> {
        let found = journal::snapshot(&mut self.connection, self.state.stream, number).await?;
        // It may have been removed meanwhile, since there are later ones.
        let Some(found) = found else { return Ok(()) };
        let state = self.state.machine.snapshot();
        if found.state != state {
            let same = found.state.iter().zip(&state).take_while(|(kept, made)| kept == made).count();
            let (kept, made) = (found.state.len(), state.len());
            let lengths = format!("it has {kept} bytes, and {made} by the journal");
            return Err(Trouble::Differs(format!(
                "snapshot {number}: {lengths}; byte {same} is the first that differs"
            )));
        }
        if found.at != self.state.at {
            let (kept, made) = (found.at, self.state.at);
            return Err(Trouble::Differs(format!("snapshot {number} is of {kept}, and of {made} by the journal")));
        }
        self.compared += 1;
        Ok(())
    }

    async fn write(&self, page: Vec<Committed<Event>>) -> Result<(), Failure> {
        let (mut waiting, mut events) = (Vec::new(), 0);
        for entry in page {
            events += entry.events.len();
            waiting.push(Arc::new(entry));
            if events >= ENOUGH_EVENTS {
                Rows::of(self.state.stream, &waiting).write(&self.connection).await?;
                (waiting, events) = (Vec::new(), 0);
            }
        }
        Rows::of(self.state.stream, &waiting).write(&self.connection).await
    }
}
