//! A market as the journal hosts it.

use std::sync::Arc;

use domain::exchange::{Answer, Command, Event, Market, Rejection};
use domain::kernel::Timestamp;
use uuid::Uuid;

use super::projection;
use crate::Failure;
use crate::db::Connection;
use crate::event::Event as FeedEvent;
use crate::journal::{Committed, Machine};

impl Machine for Market {
    const KIND: &'static str = "market";
    const VERSION: i16 = 1;

    type Command = Command;
    type Outcome = Result<Answer, Rejection>;
    type Event = Event;

    fn begin() -> Self {
        Self::default()
    }

    fn apply(&mut self, command: &Command, at: Timestamp, events: &mut Vec<Event>) -> Self::Outcome {
        Self::apply(self, command, at, events)
    }

    fn is_refused(outcome: &Self::Outcome) -> bool {
        outcome.is_err()
    }

    fn due(&self) -> Option<Timestamp> {
        self.next_expiry()
    }

    fn on_due() -> Command {
        Command::Expire
    }

    fn snapshot(&self) -> Vec<u8> {
        Self::snapshot(self)
    }

    fn restore(bytes: &[u8]) -> Result<Self, Failure> {
        Self::restore(bytes).map_err(Failure::broken)
    }

    async fn project(
        connection: &mut Connection,
        stream: Uuid,
        entries: &[Arc<Committed<Event>>],
    ) -> Result<Vec<FeedEvent>, Failure> {
        projection::project(connection, stream, entries).await
    }
}
