//! The one clock: PostgreSQL's. It is read at the start, carried on by a counter that nobody can set, and followed slowly from then on, so
//! that neither a jump of the machine's own time nor one of the database's moves a deadline.

use std::sync::RwLock;
use std::time::Duration;

use chrono::{SubsecRound, TimeDelta};
use domain::kernel::Timestamp;
use rustix::time::{ClockId, clock_gettime};
use uuid::{ClockSequence, NoContext, Uuid};

/// By how much one reading of the database's clock corrects this one at most. It is read every few seconds; clocks drift by less.
const CORRECTION: TimeDelta = TimeDelta::milliseconds(10);

/// An instant, and the count at which it is told; it stands where there is no count.
pub struct Clock(RwLock<(Timestamp, Option<Duration>)>);

impl Clock {
    pub fn new(database_now: Timestamp) -> Self {
        Self(RwLock::new((database_now, Some(since_boot()))))
    }

    /// Follows the database's clock and gives how far that is ahead. However far, one reading corrects 10 ms: a clock that was set wrong ends
    /// nothing early and lets nothing begin once more. Never goes back: where the database's clock is behind, this one stands a moment.
    pub fn follow(&self, database_now: Timestamp) -> TimeDelta {
        let Ok(mut known) = self.0.write() else { return TimeDelta::zero() };
        let Some(since) = known.1 else {
            *known = (database_now, Some(since_boot()));
            return TimeDelta::zero();
        };
        let (told, count) = (told(known.0, since), since_boot());
        let ahead = database_now - told;
        let step = ahead.clamp(-CORRECTION, CORRECTION);
        *known = match step.to_std() {
            Ok(_) => (told + step, Some(count)),
            Err(_) => (told, Some(count + (-step).to_std().unwrap_or_default())),
        };
        ahead
    }

    /// Goes on from an instant, whatever was told before.
    pub fn set(&self, instant: Timestamp) {
        if let Ok(mut known) = self.0.write() {
            *known = (instant, Some(since_boot()));
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
        since.map_or(at, |since| told(at, since)).trunc_subsecs(6)
    }
}

/// What is told now by a clock that told `at` at that count.
fn told(at: Timestamp, since: Duration) -> Timestamp {
    at + TimeDelta::from_std(since_boot().saturating_sub(since)).unwrap_or_default()
}

/// How long the machine has been up. What it slept counts: a machine that wakes up has missed its deadlines.
fn since_boot() -> Duration {
    let count = clock_gettime(ClockId::Boottime);
    Duration::new(count.tv_sec.unsigned_abs(), u32::try_from(count.tv_nsec).unwrap_or_default())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> (Clock, Timestamp) {
        let start = Timestamp::from_timestamp_secs(1_800_000_000).unwrap();
        (Clock::new(start), start)
    }

    #[test]
    fn a_jump_of_the_databases_clock_moves_no_deadline() {
        let (clock, start) = clock();
        for hour in 1..=3 {
            assert!(clock.follow(start + TimeDelta::hours(hour)) > TimeDelta::minutes(50));
            assert!(clock.now() < start + TimeDelta::minutes(50));
            let before = clock.now();
            assert!(clock.follow(start - TimeDelta::hours(hour)) < -TimeDelta::minutes(50));
            assert!(clock.now() >= before);
        }
    }

    #[test]
    fn a_small_drift_is_taken_over() {
        let (clock, start) = clock();
        let ahead = clock.follow(start + TimeDelta::milliseconds(8));
        assert!(ahead <= TimeDelta::milliseconds(8));
        assert!(clock.now() >= start + ahead);
    }

    #[test]
    fn a_clock_that_stood_goes_on_with_the_databases() {
        let (clock, start) = clock();
        clock.stand_at(start);
        assert_eq!((clock.now(), clock.now()), (start, start));
        clock.follow(start + TimeDelta::hours(2));
        assert!(clock.now() >= start + TimeDelta::hours(2));
    }
}
