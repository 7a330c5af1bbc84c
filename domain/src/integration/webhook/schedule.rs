//! When an event that was not taken is sent again: ever later, for about three days.

use chrono::{DateTime, TimeDelta};

use crate::kernel::Timestamp;

/// How often an event is sent at most, the first time included.
pub const ATTEMPTS: u32 = 13;

/// Once so much time has passed since the first attempt, an event is not sent again, however few attempts there were: a receiver that asks for
/// long pauses does not have it kept for longer.
const LASTS: TimeDelta = TimeDelta::hours(72);

/// The pause after the first attempt, in seconds. Each pause is four times the one before, until [`LONGEST`].
const FIRST: i64 = 5;

/// The longest pause by itself: 13 hours, in seconds.
const LONGEST: i64 = 13 * 3600;

/// The longest pause that a receiver can ask for.
pub const LONGEST_ASKED_FOR: TimeDelta = TimeDelta::hours(24);

/// The pause after so many attempts, in milliseconds, without jitter: 5 s, 20 s, 80 s, …, and 13 h in the end.
fn pause(attempts: u32) -> i64 {
    let seconds = 4_i64.checked_pow(attempts.saturating_sub(1)).and_then(|factor| factor.checked_mul(FIRST));
    1000 * seconds.map_or(LONGEST, |seconds| seconds.min(LONGEST))
}

/// When to send again what failed at `at` for the `attempts`th time, and was sent first at `first`; none once it was sent often or long enough.
///
/// `jitter` is random, 0 to 999: it makes the pause up to a tenth shorter or longer, so that what failed together does not come again
/// together. What the receiver asks for by `Retry-After` lengthens a pause, up to 24 hours, and never shortens it.
pub fn next_attempt(
    attempts: u32,
    first: Timestamp,
    at: Timestamp,
    jitter: u16,
    retry_after: Option<TimeDelta>,
) -> Option<Timestamp> {
    if attempts >= ATTEMPTS || at - first >= LASTS {
        return None;
    }
    let own = pause(attempts) * (900 + i64::from(jitter.min(999)) / 5) / 1000;
    let asked = retry_after.unwrap_or_default().min(LONGEST_ASKED_FOR);
    Some(at + TimeDelta::milliseconds(own).max(asked))
}

/// Reads `Retry-After` (RFC 9110 §10.2.3): seconds, or a date. What is neither, or lies in the past, says nothing.
pub fn retry_after(text: &str, at: Timestamp) -> Option<TimeDelta> {
    let text = text.trim();
    let wait = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        TimeDelta::try_seconds(text.parse().unwrap_or(i64::MAX / 1000)).unwrap_or(LONGEST_ASKED_FOR)
    } else {
        DateTime::parse_from_rfc2822(text).ok()?.to_utc() - at
    };
    (wait > TimeDelta::zero()).then_some(wait)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at() -> Timestamp {
        Timestamp::from_timestamp_secs(1_800_000_000).unwrap()
    }

    /// How long all pauses are together.
    fn together(jitter: u16) -> TimeDelta {
        let pauses = (1..ATTEMPTS).map(|attempts| next_attempt(attempts, at(), at(), jitter, None).unwrap() - at());
        pauses.fold(TimeDelta::zero(), |sum, one| sum + one)
    }

    #[test]
    fn pauses_grow_from_five_seconds_to_hours_and_last_three_days() {
        let seconds: Vec<i64> = (1..ATTEMPTS).map(|attempts| pause(attempts) / 1000).collect();
        assert_eq!(seconds, [5, 20, 80, 320, 1280, 5120, 20_480, 46_800, 46_800, 46_800, 46_800, 46_800]);
        assert!(together(0) > TimeDelta::hours(65) && together(999) < TimeDelta::hours(80));
        assert_eq!(next_attempt(ATTEMPTS, at(), at(), 0, Some(TimeDelta::hours(1))), None);
        assert_eq!(next_attempt(u32::MAX, at(), at(), 0, None), None);
    }

    #[test]
    fn it_ends_after_three_days_however_long_the_pauses_that_are_asked_for() {
        let (mut attempts, mut time) = (1, at());
        while let Some(next) = next_attempt(attempts, at(), time, 0, Some(TimeDelta::days(9))) {
            (attempts, time) = (attempts + 1, next);
        }
        assert_eq!((attempts, time - at()), (4, TimeDelta::days(3)));
        let just_before = at() + LASTS - TimeDelta::seconds(1);
        assert!(next_attempt(2, at(), just_before, 0, None).is_some());
    }

    #[test]
    fn what_the_receiver_asks_for_is_heeded_within_bounds() {
        let next = |seconds| next_attempt(1, at(), at(), 500, Some(TimeDelta::seconds(seconds))).unwrap() - at();
        assert_eq!(next(1), next_attempt(1, at(), at(), 500, None).unwrap() - at());
        assert_eq!(next(120), TimeDelta::seconds(120));
        assert_eq!(next(1_000_000_000), LONGEST_ASKED_FOR);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let date = (at() + TimeDelta::seconds(90)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        assert_eq!(retry_after(&date, at()), Some(TimeDelta::seconds(90)));
        assert_eq!(retry_after(" 120 ", at()), Some(TimeDelta::seconds(120)));
        assert!(retry_after("99999999999999999999999", at()).unwrap() >= LONGEST_ASKED_FOR);
        for nothing in ["", "0", "-5", "soon", "1.5", "Mon, 01 Jan 2001 00:00:00 GMT"] {
            assert_eq!(retry_after(nothing, at()), None, "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn a_pause_is_within_a_tenth_and_never_shorter_than_asked_for(
            attempts in 1..ATTEMPTS, jitter in 0..1000_u16, asked in prop::option::of(0..200_000_i64),
        ) {
            let wait = next_attempt(attempts, at(), at(), jitter, asked.map(TimeDelta::seconds)).unwrap() - at();
            let own = TimeDelta::milliseconds(pause(attempts));
            prop_assert!(wait >= own * 9 / 10);
            let asked = TimeDelta::seconds(asked.unwrap_or_default()).min(LONGEST_ASKED_FOR);
            prop_assert!(wait >= asked && wait <= (own * 11 / 10).max(asked));
        }

        #[test]
        fn any_text_may_stand_in_retry_after(text in ".{0,40}") {
            if let Some(wait) = retry_after(&text, at()) {
                prop_assert!(wait > TimeDelta::zero());
                prop_assert!(next_attempt(1, at(), at(), 0, Some(wait)).unwrap() <= at() + LONGEST_ASKED_FOR);
            }
        }
    }
}
