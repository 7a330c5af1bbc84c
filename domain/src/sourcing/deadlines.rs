//! Until when something may be asked, quoted and awarded.

use chrono::{Datelike, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::kernel::{Date, Faults, Timestamp};

/// How far ahead of the publication the deadline of quotes may lie, in days.
pub const LONGEST_DAYS: i64 = 732;

/// The deadlines of a request as they are sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeadlinesInput {
    /// That of quotes, if nothing is said.
    pub questions: Option<Timestamp>,
    pub quotes: Timestamp,
    pub award: Option<Timestamp>,
    pub start: Option<Date>,
}

/// Each is not before the one above it. What comes in exactly at a deadline is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadlines {
    pub questions: Timestamp,
    pub quotes: Timestamp,
    /// When the buyer means to have decided.
    pub award: Option<Timestamp>,
    /// The day on which what is awarded begins.
    pub start: Option<Date>,
}

impl DeadlinesInput {
    /// Notes all faults with pointers that begin with `pointer`.
    pub fn check(&self, pointer: &str, faults: &mut Faults) -> Option<Deadlines> {
        let before = faults.0.len();
        let at = |name: &str| format!("{pointer}/{name}");
        let questions = self.questions.unwrap_or(self.quotes);
        for (name, time) in [("questions", Some(questions)), ("quotes", Some(self.quotes)), ("award", self.award)] {
            if time.is_some_and(|time| !(1970..=9999).contains(&time.year())) {
                faults.add(at(name), "out_of_range", "The year has four digits.");
            }
        }
        if questions > self.quotes {
            faults.add(at("questions"), "after_quotes", "Questions end with the quotes at the latest.");
        }
        if self.award.is_some_and(|award| award < self.quotes) {
            faults.add(at("award"), "before_quotes", "The award comes after the quotes.");
        }
        if self.start.is_some_and(|start| start < self.award.unwrap_or(self.quotes).date_naive()) {
            faults.add(at("start"), "before_award", "It starts after the award.");
        }
        let Self { quotes, award, start, .. } = *self;
        (faults.0.len() == before).then_some(Deadlines { questions, quotes, award, start })
    }
}

impl Deadlines {
    /// Notes what is not in the future, or is too far in it.
    pub fn check_new(&self, at: Timestamp, pointer: &str, faults: &mut Faults) {
        if self.questions <= at {
            faults.add(format!("{pointer}/questions"), "in_past", "The end of questions lies in the future.");
        }
        self.check_quotes(at, pointer, faults);
    }

    /// The same of the quotes alone.
    pub(super) fn check_quotes(&self, at: Timestamp, pointer: &str, faults: &mut Faults) {
        let pointer = format!("{pointer}/quotes");
        if self.quotes <= at {
            faults.add(pointer, "in_past", "The deadline lies in the future.");
        } else if self.quotes > at + TimeDelta::days(LONGEST_DAYS) {
            faults.add(pointer, "out_of_range", format!("The deadline is within {LONGEST_DAYS} days."));
        }
    }

    /// The deadlines as if they were sent in anew.
    pub fn input(&self) -> DeadlinesInput {
        let Self { questions, quotes, award, start } = *self;
        DeadlinesInput { questions: Some(questions), quotes, award, start }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, day};
    use super::*;

    fn input() -> DeadlinesInput {
        DeadlinesInput { questions: Some(at(10)), quotes: at(20), award: Some(at(30)), start: Some(day(2)) }
    }

    fn faults(input: DeadlinesInput) -> Vec<String> {
        let mut faults = Faults::default();
        let checked = input.check("", &mut faults);
        assert_eq!(checked.is_none(), !faults.0.is_empty());
        faults.0.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
    }

    #[test]
    fn they_follow_each_other_and_may_fall_together() {
        assert!(faults(input()).is_empty());
        let together =
            DeadlinesInput { questions: Some(at(20)), quotes: at(20), award: Some(at(20)), start: Some(day(0)) };
        assert!(faults(together).is_empty());
        let reverse =
            DeadlinesInput { questions: Some(at(40)), quotes: at(30), award: Some(at(20)), start: Some(day(-1)) };
        assert_eq!(faults(reverse), ["/questions after_quotes", "/award before_quotes", "/start before_award"]);
    }

    #[test]
    fn questions_end_with_the_quotes_if_nothing_is_said() {
        let deadlines = DeadlinesInput { questions: None, ..input() }.check("", &mut Faults::default()).unwrap();
        assert_eq!(deadlines.questions, at(20));
    }

    #[test]
    fn at_the_publication_they_lie_in_the_future() {
        let deadlines = input().check("", &mut Faults::default()).unwrap();
        let told = |now| {
            let mut faults = Faults::default();
            deadlines.check_new(now, "", &mut faults);
            faults.0.into_iter().map(|fault| fault.pointer + " " + fault.code).collect::<Vec<_>>()
        };
        assert!(told(at(9)).is_empty());
        assert_eq!(told(at(10)), ["/questions in_past"]);
        assert_eq!(told(at(20)), ["/questions in_past", "/quotes in_past"]);
        assert_eq!(told(at(19) - TimeDelta::days(LONGEST_DAYS)), ["/quotes out_of_range"]);
    }
}
