//! Making the state again from snapshot and journal.

use domain::kernel::Timestamp;
use uuid::Uuid;

use super::entry::{self, Entry};
use super::handle::Committed;
use super::machine::Machine;
use super::snapshot::{self, Snapshot};
use crate::Failure;
use crate::db::Connection;

/// How many entries are read at a time. Full ones bring about some ten thousand events each, which are in memory together.
const PAGE: i64 = 64;

/// A machine on its way through its journal.
pub struct Replay<M: Machine> {
    pub stream: Uuid,
    pub machine: M,
    /// Of the last entry that was applied.
    pub number: i64,
    pub at: Timestamp,
    /// How many commands were applied since the beginning or the snapshot.
    pub commands: u64,
}

impl<M: Machine> Replay<M> {
    pub fn from_beginning(stream: Uuid) -> Self {
        Self { stream, machine: M::begin(), number: 0, at: Timestamp::UNIX_EPOCH, commands: 0 }
    }

    /// From the last snapshot that the projections have reached, so that what they lack is made again. One that cannot be read is passed over.
    pub async fn from_snapshot(connection: &mut Connection, stream: Uuid) -> Result<Self, Failure> {
        for number in snapshot::up_to_projections(connection, stream).await? {
            let Some(found) = snapshot::find(connection, stream, number).await? else { continue };
            match M::restore(&found.state) {
                Ok(machine) => return Ok(Self { stream, machine, number, at: found.at, commands: 0 }),
                Err(failure) => tracing::warn!(%stream, number, %failure, "a snapshot cannot be read"),
            }
        }
        Ok(Self::from_beginning(stream))
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot { stream_id: self.stream, number: self.number, at: self.at, state: self.machine.snapshot() }
    }

    /// Applies the next entries, at most to the one of number `last`, and says what they brought about; nothing at the end of the journal.
    pub async fn step(
        &mut self,
        connection: &mut Connection,
        last: Option<i64>,
    ) -> Result<Vec<Committed<M::Event>>, Failure> {
        let mut entries = entry::after(connection, self.stream, self.number, PAGE).await?;
        entries.retain(|entry| last.is_none_or(|last| entry.number <= last));
        entries.iter().map(|entry| self.apply(entry)).collect()
    }

    fn apply(&mut self, entry: &Entry) -> Result<Committed<M::Event>, Failure> {
        if entry.number != self.number + 1 {
            return Err(Failure::broken(format!("entry {} of the journal follows {}", entry.number, self.number)));
        }
        let mut events = Vec::new();
        let mut input = entry.commands.as_slice();
        for _ in 0..entry.count {
            let command = M::read(entry.version, &mut input)?;
            let outcome = self.machine.apply(&command, entry.at, &mut events);
            if M::is_refused(&outcome) {
                return Err(Failure::broken(format!("entry {} holds a command that is refused", entry.number)));
            }
            self.commands += 1;
        }
        if !input.is_empty() {
            return Err(Failure::broken(format!("entry {} holds more than its commands", entry.number)));
        }
        (self.number, self.at) = (entry.number, entry.at.max(self.at));
        Ok(Committed { number: entry.number, at: entry.at, events })
    }
}
