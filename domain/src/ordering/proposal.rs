//! A price that the buyer names for a quantity of an offer, and what the two make of it.

use chrono::TimeDelta;

use crate::contract::Side;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Refusal, Timestamp};

/// The most offers and counter-offers of one negotiation.
pub const MAX_ROUNDS: i32 = 20;

/// The days within which an agreed price has to be ordered at.
pub const DAYS_TO_ORDER: i64 = 14;

/// The hours within which a round has to be answered if nothing else is said.
pub const HOURS_TO_ANSWER: i64 = 72;

/// Where a negotiation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProposalState {
    /// The buyer has named a price: the seller answers.
    Proposed,
    /// The seller has named another one: the buyer answers.
    Countered,
    /// The price is good for one order.
    Accepted,
    Declined,
    Withdrawn,
    /// Nobody answered in time, or what was agreed on was not ordered in time.
    Expired,
    /// It was ordered at the price.
    Used,
}

/// What can happen to a negotiation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProposalStep {
    Counter,
    Accept,
    Decline,
    /// The side that waits for an answer takes its offer back.
    Withdraw,
    Expire,
    Use,
}

impl ProposalState {
    pub const ALL: [Self; 7] =
        [Self::Proposed, Self::Countered, Self::Accepted, Self::Declined, Self::Withdrawn, Self::Expired, Self::Used];

    /// The side that has to answer, while there is something to answer.
    pub fn turn(self) -> Option<Side> {
        match self {
            Self::Proposed => Some(Side::Seller),
            Self::Countered => Some(Side::Buyer),
            _ => None,
        }
    }

    /// The state after a step, or a refusal if the step is not possible now.
    pub fn after(self, step: ProposalStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Proposed, ProposalStep::Counter) => Ok(Self::Countered),
            (Self::Countered, ProposalStep::Counter) => Ok(Self::Proposed),
            (Self::Proposed | Self::Countered, ProposalStep::Accept) => Ok(Self::Accepted),
            (Self::Proposed | Self::Countered, ProposalStep::Decline) => Ok(Self::Declined),
            (Self::Proposed | Self::Countered, ProposalStep::Withdraw) => Ok(Self::Withdrawn),
            (Self::Proposed | Self::Countered | Self::Accepted, ProposalStep::Expire) => Ok(Self::Expired),
            (Self::Accepted, ProposalStep::Use) => Ok(Self::Used),
            _ => Err(Refusal::wrong_state("price proposal", self.code(), step.done())),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Countered => "countered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Used => "used",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a price proposal.")))
    }
}

impl ProposalStep {
    pub const ALL: [Self; 6] = [Self::Counter, Self::Accept, Self::Decline, Self::Withdraw, Self::Expire, Self::Use];

    fn done(self) -> &'static str {
        match self {
            Self::Counter => "countered",
            Self::Accept => "accepted",
            Self::Decline => "declined",
            Self::Withdraw => "withdrawn",
            Self::Expire => "expired",
            Self::Use => "used",
        }
    }
}

/// A negotiation as it stands.
#[derive(Debug, Clone, Copy)]
pub struct Proposal {
    pub state: ProposalState,
    pub rounds: i32,
    /// Until when it can be answered, or ordered at.
    pub expires_at: Timestamp,
}

impl Proposal {
    /// What a side does at a time. It answers only when it is its turn and withdraws only when it is not; after the end
    /// nothing is possible any more ([`Kind::ProposalExpired`]), whether the end was noted or not.
    pub fn act(&self, side: Side, step: ProposalStep, at: Timestamp) -> Result<ProposalState, Refusal> {
        self.check_open(at)?;
        let after = self.state.after(step)?;
        let turn = self.state.turn();
        let allowed = match step {
            ProposalStep::Withdraw => turn.is_some_and(|turn| turn != side),
            ProposalStep::Use | ProposalStep::Expire => true,
            ProposalStep::Counter | ProposalStep::Accept | ProposalStep::Decline => turn == Some(side),
        };
        if !allowed {
            let detail = match step {
                ProposalStep::Withdraw => "Answer the offer of the other side, or decline it.",
                _ => "It is the other side's turn to answer.",
            };
            return Err(Refusal::new(Kind::WrongState, detail));
        }
        if step == ProposalStep::Counter && self.rounds >= MAX_ROUNDS {
            let detail = format!("After {MAX_ROUNDS} rounds the last offer is accepted or declined.");
            return Err(Refusal::new(Kind::WrongState, detail));
        }
        Ok(after)
    }

    /// Refuses what is over.
    pub fn check_open(&self, at: Timestamp) -> Result<(), Refusal> {
        let running = self.state.turn().is_some() || self.state == ProposalState::Accepted;
        if self.state == ProposalState::Expired || (running && self.expires_at <= at) {
            let detail = format!("It ended at {}.", self.expires_at.format("%Y-%m-%dT%H:%M:%SZ"));
            return Err(Refusal::new(Kind::ProposalExpired, detail));
        }
        Ok(())
    }
}

/// When a round ends: what was said, which must be in the future and at most a year ahead, or the usual time.
pub fn round_end(said: Option<Timestamp>, at: Timestamp) -> Result<Timestamp, Invalid> {
    match said {
        Some(end) if end <= at => Err(Invalid::new("in_past", "The other side needs some time to answer.")),
        Some(end) if end > at + TimeDelta::days(366) => Err(Invalid::new("out_of_range", "It ends within a year.")),
        Some(end) => Ok(end),
        None => Ok(at + TimeDelta::hours(HOURS_TO_ANSWER)),
    }
}

/// Until when an agreed price can be ordered at.
pub fn order_by(accepted_at: Timestamp) -> Timestamp {
    accepted_at + TimeDelta::days(DAYS_TO_ORDER)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn noon() -> Timestamp {
        chrono::Utc.with_ymd_and_hms(2026, 11, 24, 12, 0, 0).unwrap()
    }

    fn proposal(state: ProposalState, rounds: i32) -> Proposal {
        Proposal { state, rounds, expires_at: noon() + TimeDelta::hours(1) }
    }

    #[test]
    fn every_step_from_every_state() {
        use ProposalState as S;
        use ProposalStep as T;
        let legal = [
            (S::Proposed, T::Counter, S::Countered),
            (S::Proposed, T::Accept, S::Accepted),
            (S::Proposed, T::Decline, S::Declined),
            (S::Proposed, T::Withdraw, S::Withdrawn),
            (S::Proposed, T::Expire, S::Expired),
            (S::Countered, T::Counter, S::Proposed),
            (S::Countered, T::Accept, S::Accepted),
            (S::Countered, T::Decline, S::Declined),
            (S::Countered, T::Withdraw, S::Withdrawn),
            (S::Countered, T::Expire, S::Expired),
            (S::Accepted, T::Expire, S::Expired),
            (S::Accepted, T::Use, S::Used),
        ];
        for state in S::ALL {
            assert_eq!(S::parse(state.code()).unwrap(), state);
        }
        crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
    }

    #[test]
    fn the_sides_take_turns() {
        use ProposalStep as T;
        let act = |state, side, step| proposal(state, 1).act(side, step, noon());
        assert_eq!(act(ProposalState::Proposed, Side::Seller, T::Accept).unwrap(), ProposalState::Accepted);
        assert_eq!(act(ProposalState::Countered, Side::Buyer, T::Counter).unwrap(), ProposalState::Proposed);
        for step in [T::Accept, T::Counter, T::Decline] {
            assert_eq!(act(ProposalState::Proposed, Side::Buyer, step).unwrap_err().kind, Kind::WrongState);
            assert_eq!(act(ProposalState::Countered, Side::Seller, step).unwrap_err().kind, Kind::WrongState);
        }
        assert!(act(ProposalState::Proposed, Side::Buyer, T::Withdraw).is_ok());
        assert_eq!(act(ProposalState::Proposed, Side::Seller, T::Withdraw).unwrap_err().kind, Kind::WrongState);
        let last = proposal(ProposalState::Countered, MAX_ROUNDS);
        assert_eq!(last.act(Side::Buyer, T::Counter, noon()).unwrap_err().kind, Kind::WrongState);
        assert!(last.act(Side::Buyer, T::Accept, noon()).is_ok());
    }

    #[test]
    fn after_its_end_nothing_is_possible() {
        let late = noon() + TimeDelta::hours(1);
        for state in [ProposalState::Proposed, ProposalState::Countered, ProposalState::Accepted] {
            for step in ProposalStep::ALL {
                let refused = proposal(state, 1).act(Side::Seller, step, late).unwrap_err();
                assert_eq!(refused.kind, Kind::ProposalExpired, "{state:?} {step:?}");
            }
        }
        let expired = proposal(ProposalState::Expired, 1).act(Side::Seller, ProposalStep::Accept, noon());
        assert_eq!(expired.unwrap_err().kind, Kind::ProposalExpired);
    }

    #[test]
    fn a_round_ends_in_the_future() {
        let at = noon();
        assert_eq!(round_end(Some(at), at).unwrap_err().code, "in_past");
        assert_eq!(round_end(Some(at + TimeDelta::days(400)), at).unwrap_err().code, "out_of_range");
        assert_eq!(round_end(None, at).unwrap(), at + TimeDelta::hours(72));
    }
}
