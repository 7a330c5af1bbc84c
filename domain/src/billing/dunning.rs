//! Reminders of overdue invoices, in levels.

use chrono::{Days, NaiveTime};

use crate::kernel::{Date, Faults, Refusal, Timestamp};

/// The most levels that a seller has.
pub const MOST_LEVELS: usize = 9;
const MOST_DAYS: i32 = 3650;

/// Checks levels by their days after the due date: they rise, from one on.
pub fn check(days: &[i32]) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    if days.len() > MOST_LEVELS {
        faults.add("/levels", "too_many", format!("There are at most {MOST_LEVELS} levels."));
    }
    let mut before = 0;
    for (index, days) in days.iter().enumerate() {
        let pointer = format!("/levels/{index}/days");
        if !(1..=MOST_DAYS).contains(days) {
            faults.add(pointer, "out_of_range", format!("It is from 1 to {MOST_DAYS} days after the due date."));
        } else if *days <= before {
            faults.add(pointer, "not_rising", "Each level is later than the one before.");
        }
        before = *days;
    }
    faults.result()
}

/// The place of the highest level that is reached on a day and is above the `last` one, which counts from one.
pub fn reached(days: &[i32], due: Date, last: i32, today: Date) -> Option<usize> {
    let last = usize::try_from(last).unwrap_or(0);
    (last..days.len()).rev().find(|place| day_of(due, days[*place]) <= today)
}

/// When the level after the `last` one is reached: as its day begins, in UTC.
pub fn next_at(days: &[i32], due: Date, last: i32) -> Option<Timestamp> {
    let next = days.get(usize::try_from(last).unwrap_or(0))?;
    Some(day_of(due, *next).and_time(NaiveTime::MIN).and_utc())
}

fn day_of(due: Date, days: i32) -> Date {
    due.checked_add_days(Days::new(u64::try_from(days).unwrap_or(0))).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn levels_rise() {
        assert!(check(&[]).is_ok() && check(&[7, 14, 30]).is_ok());
        let found = check(&[0, 7, 7]).unwrap_err().faults;
        let codes: Vec<_> = found.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
        assert_eq!(codes, [("/levels/0/days", "out_of_range"), ("/levels/2/days", "not_rising")]);
        assert_eq!(check(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).unwrap_err().faults[0].code, "too_many");
    }

    #[test]
    fn the_highest_level_that_is_reached_counts_once() {
        let (levels, due) = ([7, 14], day("2026-01-01"));
        assert_eq!(reached(&levels, due, 0, day("2026-01-07")), None);
        assert_eq!(reached(&levels, due, 0, day("2026-01-08")), Some(0));
        assert_eq!(reached(&levels, due, 1, day("2026-01-08")), None);
        assert_eq!(reached(&levels, due, 0, day("2026-02-01")), Some(1));
        assert_eq!(reached(&levels, due, 2, day("2026-02-01")), None);
    }

    #[test]
    fn the_next_level_is_reached_as_its_day_begins() {
        let next = |last| next_at(&[7, 14], day("2026-01-01"), last).map(|at| at.to_rfc3339());
        assert_eq!(next(0).unwrap(), "2026-01-08T00:00:00+00:00");
        assert_eq!(next(1).unwrap(), "2026-01-15T00:00:00+00:00");
        assert_eq!(next(2), None);
    }
}
