//! The life of what is awarded to one quoter.

use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Refusal, Timestamp};

/// Where an award to one quoter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AwardState {
    /// The buying company's policy asks for consent.
    AwaitingApproval,
    /// The quoters know of it; the standstill runs, or is over.
    Announced,
    /// The contract or framework agreement is made.
    Concluded,
    /// Consent was refused.
    Refused,
    /// The quoter does not take it.
    Declined,
    /// The buyer takes it back, as after an objection.
    Rescinded,
}

/// What can happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AwardStep {
    Approve,
    Refuse,
    Decline,
    Rescind,
    Conclude,
}

impl AwardState {
    pub const ALL: [Self; 6] =
        [Self::AwaitingApproval, Self::Announced, Self::Concluded, Self::Refused, Self::Declined, Self::Rescinded];

    /// The state after a step, or a refusal if the step is not possible now.
    pub fn after(self, step: AwardStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::AwaitingApproval, AwardStep::Approve) => Ok(Self::Announced),
            (Self::AwaitingApproval, AwardStep::Refuse) => Ok(Self::Refused),
            (Self::Announced, AwardStep::Decline) => Ok(Self::Declined),
            (Self::AwaitingApproval | Self::Announced, AwardStep::Rescind) => Ok(Self::Rescinded),
            (Self::Announced, AwardStep::Conclude) => Ok(Self::Concluded),
            _ => Err(Refusal::wrong_state("award", self.code(), step.done())),
        }
    }

    /// Whether what it gives away is taken: by an award that is decided on or concluded.
    pub fn stands(self) -> bool {
        matches!(self, Self::AwaitingApproval | Self::Announced | Self::Concluded)
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::AwaitingApproval => "awaiting_approval",
            Self::Announced => "announced",
            Self::Concluded => "concluded",
            Self::Refused => "refused",
            Self::Declined => "declined",
            Self::Rescinded => "rescinded",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of an award.")))
    }
}

impl AwardStep {
    pub const ALL: [Self; 5] = [Self::Approve, Self::Refuse, Self::Decline, Self::Rescind, Self::Conclude];

    fn done(self) -> &'static str {
        match self {
            Self::Approve => "approved",
            Self::Refuse => "refused",
            Self::Decline => "declined",
            Self::Rescind => "rescinded",
            Self::Conclude => "concluded",
        }
    }
}

/// Makes the contract of an announced award; refused while the standstill runs. Its end is excluded from it.
pub fn conclude(state: AwardState, standstill_until: Option<Timestamp>, at: Timestamp) -> Result<AwardState, Refusal> {
    let after = state.after(AwardStep::Conclude)?;
    match standstill_until {
        Some(end) if at < end => {
            let detail = format!("The standstill lasts until {}.", end.format("%Y-%m-%dT%H:%M:%SZ"));
            Err(Refusal::new(Kind::StandstillRunning, detail))
        }
        _ => Ok(after),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::at;
    use super::*;

    #[test]
    fn every_step_from_every_state() {
        use AwardState as S;
        use AwardStep as T;
        let legal = [
            (S::AwaitingApproval, T::Approve, S::Announced),
            (S::AwaitingApproval, T::Refuse, S::Refused),
            (S::AwaitingApproval, T::Rescind, S::Rescinded),
            (S::Announced, T::Decline, S::Declined),
            (S::Announced, T::Rescind, S::Rescinded),
            (S::Announced, T::Conclude, S::Concluded),
        ];
        for state in S::ALL {
            assert_eq!(S::parse(state.code()), Ok(state));
        }
        crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
    }

    #[test]
    fn contracts_wait_for_the_end_of_the_standstill() {
        let early = conclude(AwardState::Announced, Some(at(10)), at(9)).unwrap_err();
        assert_eq!(early.kind, Kind::StandstillRunning);
        assert_eq!(conclude(AwardState::Announced, Some(at(10)), at(10)), Ok(AwardState::Concluded));
        assert_eq!(conclude(AwardState::Announced, None, at(0)), Ok(AwardState::Concluded));
        assert_eq!(conclude(AwardState::Declined, None, at(0)).unwrap_err().kind, Kind::WrongState);
    }
}
