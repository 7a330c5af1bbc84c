//! Approval: which orders of a company need whose consent before they are placed.
//!
//! A [`Policy`] says what is asked for; [`Policy::required`] works out the steps for one order; a [`Round`] is the state machine of
//! these steps; [`Delegation`]s let people stand in for others. Nobody decides on what they ordered themselves.

pub mod policy;
pub mod round;

pub use policy::{Approvers, Condition, Escalation, LineFacts, Policy, RequiredStep, Rule, Step, StepOrder};
pub use round::{Decided, Decision, Member, Outcome, Round, RoundStep, Staff, StepState};

use chrono::TimeDelta;

use crate::kernel::refusal::Invalid;
use crate::kernel::{Faults, PersonId, Refusal, Timestamp};

/// The longest time that somebody can stand in for somebody else, in days.
pub const LONGEST_DELEGATION: i64 = 366;

/// Somebody stands in for somebody else for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delegation {
    pub from: PersonId,
    pub to: PersonId,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
}

impl Delegation {
    /// Refuses standing in for oneself, and periods that end before they start, are over, or are too long.
    pub fn check(&self, at: Timestamp) -> Result<(), Refusal> {
        let mut faults = Faults::default();
        let mut wrong = |pointer: &str, code, detail: &str| {
            faults.keep::<()>(pointer, Err(Invalid::new(code, detail)));
        };
        if self.from == self.to {
            wrong("/to", "same_person", "Nobody stands in for themselves.");
        }
        if self.ends_at <= self.starts_at {
            wrong("/ends_at", "before_start", "It ends after it starts.");
        } else if self.ends_at - self.starts_at > TimeDelta::days(LONGEST_DELEGATION) {
            wrong("/ends_at", "too_long", "It lasts at most 366 days.");
        } else if self.ends_at <= at {
            wrong("/ends_at", "past", "It would be over already.");
        }
        faults.result()
    }

    /// Whether it is in force; the end is excluded.
    pub fn runs(&self, at: Timestamp) -> bool {
        self.starts_at <= at && at < self.ends_at
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_delegation_has_two_people_and_a_period() {
        let at = |day| chrono::Utc.with_ymd_and_hms(2026, 11, day, 12, 0, 0).unwrap();
        let person = |n| PersonId(Uuid::from_u128(n));
        let good = Delegation { from: person(1), to: person(2), starts_at: at(2), ends_at: at(9) };
        assert_eq!(good.check(at(1)), Ok(()));
        assert!(!good.runs(at(1)) && good.runs(at(2)) && good.runs(at(8)) && !good.runs(at(9)));
        let codes = |one: Delegation| -> Vec<&str> {
            one.check(at(9)).unwrap_err().faults.iter().map(|fault| fault.code).collect()
        };
        assert_eq!(codes(good), ["past"]);
        assert_eq!(codes(Delegation { to: person(1), ends_at: at(2), ..good }), ["same_person", "before_start"]);
        assert_eq!(codes(Delegation { ends_at: at(2) + TimeDelta::days(367), ..good }), ["too_long"]);
    }
}
