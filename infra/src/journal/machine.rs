//! What can be hosted.

use std::sync::Arc;

use domain::kernel::Timestamp;
use domain::kernel::wire::Wire;
use uuid::Uuid;

use super::handle::Committed;
use crate::Failure;
use crate::db::Connection;
use crate::event::Event as FeedEvent;

/// Events of the feed that were committed: whoever reads the feed is to be woken.
pub type Happened = Arc<dyn Fn(&[FeedEvent]) + Send + Sync>;

/// A deterministic state machine: equal commands at equal times give equal states and events.
pub trait Machine: Sized + Send + Sync + 'static {
    /// As it stands in `journal_stream.kind`.
    const KIND: &'static str;
    /// The form in which commands are written now, from 1 on. Forms that were once written stay readable.
    const VERSION: i16;

    type Command: Wire + Send + Sync + 'static;
    type Outcome: Send + 'static;
    type Event: Clone + Send + Sync + 'static;

    /// The state before the first command.
    fn begin() -> Self;

    fn apply(&mut self, command: &Self::Command, at: Timestamp, events: &mut Vec<Self::Event>) -> Self::Outcome;

    /// Whether the command was refused: it has changed nothing and need not be kept.
    fn is_refused(outcome: &Self::Outcome) -> bool;

    /// When the machine has to do something by itself.
    fn due(&self) -> Option<Timestamp>;

    /// What it is then told.
    fn on_due() -> Self::Command;

    /// Reads one command of that version from the front of `input`. Whoever has a second form says here how the first is read.
    fn read(version: i16, input: &mut &[u8]) -> Result<Self::Command, Failure> {
        if version != Self::VERSION {
            return Err(Failure::broken(format!("commands of version {version} are not known")));
        }
        Self::Command::get(input).map_err(Failure::broken)
    }

    fn snapshot(&self) -> Vec<u8>;

    fn restore(bytes: &[u8]) -> Result<Self, Failure>;

    /// Brings the tables that are made from the journal up to these entries, in the transaction that also notes how far they are. Returns
    /// what it appended to the feed.
    fn project(
        connection: &mut Connection,
        stream: Uuid,
        entries: &[Arc<Committed<Self::Event>>],
    ) -> impl Future<Output = Result<Vec<FeedEvent>, Failure>> + Send;
}
