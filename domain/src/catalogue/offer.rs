//! The life of an offer: *draft → scheduled → published ⇄ withdrawn*.

use crate::kernel::refusal::Invalid;
use crate::kernel::{Refusal, Timestamp};

/// What its seller has decided about an offer; when that begins and ends to hold says its [`Schedule`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    /// Only its seller sees it.
    Draft,
    /// Buyers see it and order from it.
    Published,
    /// Not to be had any more, perhaps again later.
    Withdrawn,
}

/// What can be done with an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferStep {
    Publish,
    Withdraw,
}

impl OfferState {
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Withdrawn];

    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|state| state.code() == code);
        known.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of an offer.")))
    }

    /// The state after a step.
    pub fn after(self, step: OfferStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Draft | Self::Withdrawn, OfferStep::Publish) => Ok(Self::Published),
            (Self::Published, OfferStep::Withdraw) => Ok(Self::Withdrawn),
            (_, OfferStep::Publish) => Err(Refusal::wrong_state("offer", self.code(), "published")),
            (_, OfferStep::Withdraw) => Err(Refusal::wrong_state("offer", self.code(), "withdrawn")),
        }
    }
}

/// An offer's state and its times. Nothing happens at them: whoever reads compares, so they hold to the microsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    pub state: OfferState,
    /// A published offer is not seen before.
    pub publish_at: Option<Timestamp>,
    /// The first instant at which a published offer is not seen any more.
    pub withdraw_at: Option<Timestamp>,
}

impl Schedule {
    /// What the seller wants: an offer with a time of publication is published then, without further ado. Times that are over
    /// are refused unless they are those that the offer has already.
    pub fn plan(
        self,
        publish_at: Option<Timestamp>,
        withdraw_at: Option<Timestamp>,
        at: Timestamp,
    ) -> Result<Self, (&'static str, Invalid)> {
        if publish_at != self.publish_at && publish_at.is_some_and(|time| time <= at) {
            return Err(("/publish_at", Invalid::new("past", "To publish at once, leave the time out and publish.")));
        }
        if withdraw_at != self.withdraw_at && withdraw_at.is_some_and(|time| time <= at) {
            return Err((
                "/withdraw_at",
                Invalid::new("past", "To withdraw at once, leave the time out and withdraw."),
            ));
        }
        if let (Some(from), Some(until)) = (publish_at, withdraw_at)
            && until <= from
        {
            return Err(("/withdraw_at", Invalid::new("out_of_range", "It is withdrawn before it is published.")));
        }
        let waits = publish_at.is_some_and(|time| time > at);
        let waited = self.state == OfferState::Published && self.publish_at.is_some_and(|time| time > at);
        let state = match self.state {
            _ if waits => OfferState::Published,
            OfferState::Published if waited && publish_at.is_none() => OfferState::Draft,
            unchanged => unchanged,
        };
        Ok(Self { state, publish_at, withdraw_at })
    }

    /// Publishes or withdraws now; times that would contradict are forgotten.
    pub fn step(self, step: OfferStep, at: Timestamp) -> Result<Self, Refusal> {
        let over = self.withdraw_at.filter(|time| *time <= at);
        let early = self.publish_at.filter(|time| *time > at);
        match step {
            OfferStep::Publish => {
                let before = match self.shown(at) {
                    Shown::Published => OfferState::Published,
                    _ => OfferState::Draft,
                };
                let publish_at = if early.is_some() { None } else { self.publish_at };
                let withdraw_at = if over.is_some() { None } else { self.withdraw_at };
                Ok(Self { state: before.after(step)?, publish_at, withdraw_at })
            }
            OfferStep::Withdraw => {
                let before = if over.is_some() { OfferState::Withdrawn } else { self.state };
                Ok(Self { state: before.after(step)?, publish_at: None, withdraw_at: None })
            }
        }
    }

    /// How it stands at a moment.
    pub fn shown(self, at: Timestamp) -> Shown {
        match self.state {
            OfferState::Draft => Shown::Draft,
            OfferState::Withdrawn => Shown::Withdrawn,
            OfferState::Published if self.withdraw_at.is_some_and(|time| time <= at) => Shown::Withdrawn,
            OfferState::Published if self.publish_at.is_some_and(|time| time > at) => Shown::Scheduled,
            OfferState::Published => Shown::Published,
        }
    }
}

/// How an offer stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Draft,
    Scheduled,
    Published,
    Withdrawn,
}

impl Shown {
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn schedule(state: OfferState, publish_at: Option<i64>, withdraw_at: Option<i64>) -> Schedule {
        Schedule { state, publish_at: publish_at.map(at), withdraw_at: withdraw_at.map(at) }
    }

    #[test]
    fn every_step_from_every_state() {
        use OfferState::{Draft, Published, Withdrawn};
        for (state, published, withdrawn) in
            [(Draft, Some(Published), None), (Published, None, Some(Withdrawn)), (Withdrawn, Some(Published), None)]
        {
            assert_eq!(state.after(OfferStep::Publish).ok(), published);
            assert_eq!(state.after(OfferStep::Withdraw).ok(), withdrawn);
            assert_eq!(OfferState::parse(state.code()), Ok(state));
        }
    }

    #[test]
    fn times_hold_to_the_instant() {
        let published = schedule(OfferState::Published, Some(10), Some(20));
        let shown = [9, 10, 19, 20].map(|time| published.shown(at(time)).code());
        assert_eq!(shown, ["scheduled", "published", "published", "withdrawn"]);
        assert_eq!(schedule(OfferState::Draft, None, None).shown(at(1)), Shown::Draft);
        assert_eq!(schedule(OfferState::Withdrawn, None, None).shown(at(1)), Shown::Withdrawn);
    }

    #[test]
    fn a_time_of_publication_schedules_a_draft_and_taking_it_away_makes_it_one_again() {
        let draft = schedule(OfferState::Draft, None, None);
        let planned = draft.plan(Some(at(10)), Some(at(20)), at(5)).unwrap();
        assert_eq!(planned, schedule(OfferState::Published, Some(10), Some(20)));
        assert_eq!(planned.plan(None, Some(at(20)), at(6)).unwrap(), schedule(OfferState::Draft, None, Some(20)));
        // Once it is out, its time of publication is history and may stay or go.
        assert_eq!(planned.plan(Some(at(10)), None, at(15)).unwrap().shown(at(15)), Shown::Published);
        assert_eq!(planned.plan(None, None, at(15)).unwrap().shown(at(15)), Shown::Published);
    }

    #[test]
    fn times_that_are_over_or_cross_are_refused() {
        let draft = schedule(OfferState::Draft, None, None);
        let fault = |publish: Option<i64>, withdraw: Option<i64>| {
            draft.plan(publish.map(at), withdraw.map(at), at(5)).map_err(|(pointer, invalid)| (pointer, invalid.code))
        };
        assert_eq!(fault(Some(5), None), Err(("/publish_at", "past")));
        assert_eq!(fault(None, Some(4)), Err(("/withdraw_at", "past")));
        assert_eq!(fault(Some(9), Some(9)), Err(("/withdraw_at", "out_of_range")));
    }

    #[test]
    fn steps_forget_the_times_that_contradict_them() {
        let scheduled = schedule(OfferState::Published, Some(10), Some(20));
        let early = scheduled.step(OfferStep::Publish, at(5)).unwrap();
        assert_eq!(early, schedule(OfferState::Published, None, Some(20)));
        let again = scheduled.step(OfferStep::Publish, at(25)).unwrap();
        assert_eq!(again.shown(at(25)), Shown::Published);
        assert!(scheduled.step(OfferStep::Publish, at(15)).is_err());
        assert!(scheduled.step(OfferStep::Withdraw, at(25)).is_err());
        let never = scheduled.step(OfferStep::Withdraw, at(5)).unwrap();
        assert_eq!(never, schedule(OfferState::Withdrawn, None, None));
    }
}
