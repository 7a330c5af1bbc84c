//! What an answer means, and what follows from it for the webhook as a whole.

use chrono::TimeDelta;

use super::endpoint::Reason;
use super::schedule::LONGEST_ASKED_FOR;
use crate::kernel::Timestamp;

/// After so many failures without a success between them a webhook rests between attempts.
const PATIENCE: u32 = 10;

/// How much longer each further failure makes the rest.
const REST: TimeDelta = TimeDelta::seconds(2);

/// The longest rest that nobody asked for: new events of a dead webhook are tried once a minute.
const LONGEST_REST: TimeDelta = TimeDelta::seconds(60);

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver has it: an answer 2xx.
    Taken,
    /// The receiver wants nothing any more: 410.
    Gone,
    /// Any other answer, redirects included, or none.
    Failed { retry_after: Option<TimeDelta> },
}

impl Outcome {
    /// What a status means. `retry_after` is what the answer asks for, heeded with any failure.
    pub fn of_status(status: u16, retry_after: Option<TimeDelta>) -> Self {
        match status {
            200..=299 => Self::Taken,
            410 => Self::Gone,
            _ => Self::Failed { retry_after },
        }
    }
}

/// How a webhook has been doing lately.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// The first failure after the last success.
    pub failing_since: Option<Timestamp>,
    /// Failures since then.
    pub failures: u32,
    /// Nothing is sent before: it asked for a pause, or has failed often.
    pub rests_until: Option<Timestamp>,
}

impl Health {
    /// Takes an outcome in.
    pub fn note(&mut self, outcome: Outcome, at: Timestamp) {
        let retry_after = match outcome {
            Outcome::Taken => return *self = Self::default(),
            Outcome::Gone => None,
            Outcome::Failed { retry_after } => retry_after,
        };
        self.failing_since.get_or_insert(at);
        self.failures = self.failures.saturating_add(1);
        let tired = REST * i32::try_from(self.failures.saturating_sub(PATIENCE).min(1000)).unwrap_or(1000);
        let asked = retry_after.unwrap_or_default().min(LONGEST_ASKED_FOR);
        let rest = tired.min(LONGEST_REST).max(asked);
        self.rests_until = (rest > TimeDelta::zero()).then(|| at + rest);
    }

    /// Whether it rests at this time.
    pub fn rests(&self, at: Timestamp) -> bool {
        self.rests_until.is_some_and(|until| until > at)
    }

    /// Why the webhook is to be disabled after an outcome; `exhausted` is when the event that it was about was sent first, if it was now
    /// sent for the last time: a webhook that has taken anything since then only does not like that event.
    pub fn end(&self, outcome: Outcome, exhausted: Option<Timestamp>) -> Option<Reason> {
        if outcome == Outcome::Gone {
            return Some(Reason::Gone);
        }
        let since = self.failing_since?;
        exhausted.filter(|first| since <= *first).map(|_| Reason::Exhausted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    const FAILED: Outcome = Outcome::Failed { retry_after: None };

    // R31
    #[test]
    fn only_2xx_is_success_and_410_is_the_end() {
        for status in 100..600 {
            let expected = match status {
                200..=299 => Outcome::Taken,
                410 => Outcome::Gone,
                _ => FAILED,
            };
            assert_eq!(Outcome::of_status(status, None), expected, "{status}");
        }
    }

    #[test]
    fn who_fails_often_rests_and_one_success_makes_well() {
        let mut health = Health::default();
        for n in 1..=10 {
            health.note(FAILED, at(n));
            assert!(!health.rests(at(n)));
        }
        health.note(FAILED, at(11));
        assert_eq!(health, Health { failing_since: Some(at(1)), failures: 11, rests_until: Some(at(13)) });
        assert!(health.rests(at(12)) && !health.rests(at(13)));
        (0..5000).for_each(|_| health.note(FAILED, at(100)));
        assert_eq!(health.rests_until, Some(at(160)));
        health.note(Outcome::Taken, at(200));
        assert_eq!(health, Health::default());
    }

    #[test]
    fn a_pause_that_is_asked_for_is_for_the_whole_webhook() {
        let mut health = Health::default();
        health.note(Outcome::Failed { retry_after: Some(TimeDelta::seconds(120)) }, at(0));
        assert!(health.rests(at(119)) && !health.rests(at(120)));
        health.note(Outcome::Failed { retry_after: Some(TimeDelta::days(400)) }, at(0));
        assert_eq!(health.rests_until, Some(at(0) + LONGEST_ASKED_FOR));
    }

    #[test]
    fn it_ends_at_once_when_it_is_gone_and_when_nothing_was_taken_for_the_whole_time() {
        let failing = Health { failing_since: Some(at(10)), ..Health::default() };
        assert_eq!(Health::default().end(Outcome::Gone, None), Some(Reason::Gone));
        assert_eq!(failing.end(FAILED, Some(at(10))), Some(Reason::Exhausted));
        assert_eq!(failing.end(FAILED, Some(at(9))), None);
        assert_eq!(failing.end(FAILED, None), None);
        assert_eq!(Health::default().end(Outcome::Taken, None), None);
    }
}
