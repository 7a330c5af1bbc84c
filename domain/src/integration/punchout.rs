//! A visit of somebody of a buyer's procurement system in the catalogue (cXML PunchOut).

use chrono::TimeDelta;

use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Refusal, Timestamp};

/// How long a visit may take.
pub const LIFE: TimeDelta = TimeDelta::hours(1);

/// The most lines of a basket.
pub const MAX_ITEMS: usize = 500;

/// What the visitor may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Fill a new basket.
    Create,
    /// Change one that was brought back before.
    Edit,
    /// Look at one.
    Inspect,
}

impl Operation {
    pub fn code(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Inspect => "inspect",
        }
    }

    /// Fault `code`.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = [Self::Create, Self::Edit, Self::Inspect].into_iter().find(|one| one.code() == code);
        known.ok_or_else(|| Invalid::new("code", format!("`{code}` is none of create, edit and inspect.")))
    }
}

/// A visit, as far as its rules go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    pub operation: Operation,
    pub expires_at: Timestamp,
    /// When its basket was brought back: it is over then.
    pub checked_out_at: Option<Timestamp>,
}

impl Visit {
    /// A visit ends when its time is over, or its basket was brought back ([`Kind::LinkExpired`]).
    pub fn check_open(&self, at: Timestamp) -> Result<(), Refusal> {
        let over = |detail: &str| Err(Refusal::new(Kind::LinkExpired, detail));
        if self.checked_out_at.is_some() {
            return over("The basket was brought back to your system: begin anew from there.");
        }
        if self.expires_at <= at {
            return over("The visit took too long: begin anew from your system.");
        }
        Ok(())
    }

    /// A basket that is only looked at stays as it is ([`Kind::WrongState`]); see [`Self::check_open`], too.
    pub fn check_change(&self, at: Timestamp) -> Result<(), Refusal> {
        self.check_open(at)?;
        if self.operation == Operation::Inspect {
            return Err(Refusal::new(Kind::WrongState, "The basket is only to be looked at: it cannot be changed."));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_visit_ends_with_its_time_or_its_checkout() {
        let visit = Visit { operation: Operation::Create, expires_at: at(100), checked_out_at: None };
        assert!(visit.check_open(at(99)).is_ok() && visit.check_change(at(99)).is_ok());
        assert_eq!(visit.check_open(at(100)).unwrap_err().kind, Kind::LinkExpired);
        let over = Visit { checked_out_at: Some(at(50)), ..visit };
        assert_eq!(over.check_change(at(60)).unwrap_err().kind, Kind::LinkExpired);
    }

    #[test]
    fn what_is_looked_at_is_not_changed() {
        let visit = Visit { operation: Operation::Inspect, expires_at: at(100), checked_out_at: None };
        assert!(visit.check_open(at(1)).is_ok());
        assert_eq!(visit.check_change(at(1)).unwrap_err().kind, Kind::WrongState);
        let edit = Visit { operation: Operation::Edit, ..visit };
        assert!(edit.check_change(at(1)).is_ok());
    }

    #[test]
    fn operations_have_codes() {
        for one in [Operation::Create, Operation::Edit, Operation::Inspect] {
            assert_eq!(Operation::parse(one.code()), Ok(one));
        }
        assert_eq!(Operation::parse("source").unwrap_err().code, "code");
    }
}
