//! The one clock: PostgreSQL's. It is read now and then; in between the machine's monotonic clock carries it on, so that a
//! jump of the machine's own time moves no deadline.

use std::sync::RwLock;
use std::time::Instant;

use chrono::{SubsecRound, TimeDelta};
use domain::kernel::Timestamp;
use uuid::{ClockSequence, NoContext, Uuid};

/// What the database said, and when it said so; it stands where there is no when.
pub struct Clock(RwLock<(Timestamp, Option<Instant>)>);

impl Clock {
    pub fn new(database_now: Timestamp) -> Self {
        Self(RwLock::new((database_now, Some(Instant::now()))))
    }

    /// Takes over what the database says now. Never goes back behind what was already told, unless it was off by more
    /// than a second.
    pub fn set(&self, database_now: Timestamp) {
        let told = self.now();
        let next = if told > database_now && told - database_now < TimeDelta::seconds(1) { told } else { database_now };
        if let Ok(mut known) = self.0.write() {
            *known = (next, Some(Instant::now()));
        }
    }

    /// Stands at an instant until it is set again: for who tells a history and says himself what time it is in it.
    pub fn stand_at(&self, instant: Timestamp) {
        if let Ok(mut known) = self.0.write() {
            *known = (instant, None);
        }
    }

    /// Now, in whole microseconds.
    pub fn now(&self) -> Timestamp {
        let (at, since) = match self.0.read() {
            Ok(known) => *known,
            Err(poisoned) => *poisoned.into_inner(),
        };
        let elapsed = since.map(|since| TimeDelta::from_std(since.elapsed()).unwrap_or_default()).unwrap_or_default();
        (at + elapsed).trunc_subsecs(6)
    }
}

/// A new identifier of that time: UUIDv7 (RFC 9562).
pub fn new_id(at: Timestamp) -> Uuid {
    id_within(NoContext, at)
}

/// A new identifier of that time; `context` says how it stands to those made before.
pub fn id_within(context: impl ClockSequence<Output = impl Into<u128>>, at: Timestamp) -> Uuid {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    Uuid::new_v7(uuid::Timestamp::from_unix(context, seconds, at.timestamp_subsec_nanos()))
}
