//! Schedules of standing orders: every so many days, weeks or months from a day on.

use chrono::{Datelike, Days, Months};

use crate::kernel::refusal::Invalid;
use crate::kernel::{Date, Findings, Refusal};

/// The most periods between two orders.
pub const MAX_INTERVAL: i32 = 366;

/// What a schedule counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Day,
    Week,
    Month,
}

impl Period {
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    pub fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|period| period.code() == code);
        known.ok_or_else(|| Invalid::new("unknown_period", "A schedule goes by day, week or month."))
    }
}

/// The days on which a standing order orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    pub period: Period,
    /// Every so many periods.
    pub interval: i32,
    pub first_on: Date,
    /// The last day on which it may order; none where it goes on.
    pub last_on: Option<Date>,
}

impl Schedule {
    /// Refuses an interval of nothing or too much, and an end before the beginning.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut findings = Findings::default();
        if !(1..=MAX_INTERVAL).contains(&self.interval) {
            let detail = format!("The interval is from 1 to {MAX_INTERVAL} periods.");
            findings.keep::<()>("/interval", Err(Invalid::new("out_of_range", detail)));
        }
        if self.last_on.is_some_and(|last| last < self.first_on) {
            findings.keep::<()>("/last_on", Err(Invalid::new("before_start", "The last day is before the first one.")));
        }
        findings.result()
    }

    /// The first day of the schedule that is not before `day`; none when it is over. In months that are too short it is their last
    /// day, and in later ones the day of the beginning again.
    pub fn on_or_after(&self, day: Date) -> Option<Date> {
        // One too few, since the day of the month may lie before that of the beginning.
        let mut number = (self.periods_until(day) / self.interval - 1).max(0);
        let found = loop {
            let candidate = self.nth(number)?;
            if candidate >= day {
                break candidate;
            }
            number += 1;
        };
        self.last_on.is_none_or(|last| found <= last).then_some(found)
    }

    /// When it orders next after it ordered for `due` on `today`. Days that were missed are made up for once, not one by one.
    pub fn next(&self, due: Date, today: Date) -> Option<Date> {
        self.on_or_after(due.max(today).checked_add_days(Days::new(1))?)
    }

    /// Whole periods from the beginning, roughly; never negative.
    fn periods_until(&self, day: Date) -> i32 {
        let days = i32::try_from((day - self.first_on).num_days()).unwrap_or(i32::MAX);
        let periods = match self.period {
            Period::Day => days,
            Period::Week => days / 7,
            Period::Month => {
                (day.year() - self.first_on.year()) * 12 + day.month0() as i32 - self.first_on.month0() as i32
            }
        };
        periods.max(0)
    }

    fn nth(&self, number: i32) -> Option<Date> {
        let periods = u32::try_from(number.checked_mul(self.interval)?).ok()?;
        match self.period {
            Period::Day => self.first_on.checked_add_days(Days::new(periods.into())),
            Period::Week => self.first_on.checked_add_days(Days::new(u64::from(periods) * 7)),
            Period::Month => self.first_on.checked_add_months(Months::new(periods)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn schedule(period: Period, interval: i32, first_on: &str) -> Schedule {
        Schedule { period, interval, first_on: day(first_on), last_on: None }
    }

    #[test]
    fn it_goes_on_from_its_first_day_and_not_before() {
        let weekly = schedule(Period::Week, 2, "2026-11-02");
        assert_eq!(weekly.on_or_after(day("2026-01-01")), Some(day("2026-11-02")));
        assert_eq!(weekly.on_or_after(day("2026-11-02")), Some(day("2026-11-02")));
        assert_eq!(weekly.on_or_after(day("2026-11-03")), Some(day("2026-11-16")));
        assert_eq!(schedule(Period::Day, 3, "2026-02-27").on_or_after(day("2026-02-28")), Some(day("2026-03-02")));
    }

    #[test]
    fn a_short_month_has_it_on_its_last_day_and_the_next_one_on_the_day_itself() {
        let monthly = schedule(Period::Month, 1, "2026-01-31");
        assert_eq!(monthly.on_or_after(day("2026-02-01")), Some(day("2026-02-28")));
        assert_eq!(monthly.on_or_after(day("2026-03-01")), Some(day("2026-03-31")));
        let quarterly = schedule(Period::Month, 3, "2026-01-15");
        assert_eq!(quarterly.on_or_after(day("2026-04-16")), Some(day("2026-07-15")));
    }

    #[test]
    fn every_day_of_a_schedule_is_reached_from_the_day_before() {
        for period in Period::ALL {
            for interval in [1, 2, 5, 13] {
                let one = schedule(period, interval, "2024-01-31");
                for number in 1..40 {
                    let (before, at) = (one.nth(number - 1).unwrap(), one.nth(number).unwrap());
                    assert_eq!(one.next(before, before), Some(at), "{period:?} {interval}");
                    assert_eq!(one.on_or_after(at), Some(at));
                }
            }
        }
    }

    #[test]
    fn what_was_missed_is_made_up_for_once_and_an_end_is_an_end() {
        let mut daily = schedule(Period::Day, 1, "2026-11-01");
        assert_eq!(daily.next(day("2026-11-01"), day("2026-11-20")), Some(day("2026-11-21")));
        daily.last_on = Some(day("2026-11-20"));
        assert_eq!(daily.next(day("2026-11-01"), day("2026-11-20")), None);
        assert_eq!(daily.on_or_after(day("2026-11-20")), daily.last_on);
    }

    #[test]
    fn a_schedule_of_nothing_or_without_a_day_is_refused() {
        let odd = Schedule { last_on: Some(day("2026-10-31")), ..schedule(Period::Day, 0, "2026-11-01") };
        let pointers: Vec<String> = odd.check().unwrap_err().faults.into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/interval", "/last_on"]);
        assert!(schedule(Period::Month, MAX_INTERVAL, "2026-11-01").check().is_ok());
    }
}
