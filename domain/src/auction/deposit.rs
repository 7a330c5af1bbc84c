//! Deposits of bidders: money in the ledger that answers for their bids.

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Where a bidder's deposit for an auction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DepositState {
    /// Bound for the auction: the bidder may bid.
    Held,
    /// The bidder has it again.
    Released,
    /// The seller has it, since a winner was in default.
    Taken,
}

/// What can happen to a deposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DepositStep {
    /// The auction ended without the bidder, or the contract of the winner is concluded.
    Release,
    /// The winner is in default.
    Take,
}

impl DepositState {
    pub const ALL: [Self; 3] = [Self::Held, Self::Released, Self::Taken];

    /// The state after a step, or a refusal if the step is not possible now: a deposit goes one way, once.
    pub fn after(self, step: DepositStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Held, DepositStep::Release) => Ok(Self::Released),
            (Self::Held, DepositStep::Take) => Ok(Self::Taken),
            (_, DepositStep::Release) => Err(Refusal::wrong_state("deposit", self.code(), "released")),
            (_, DepositStep::Take) => Err(Refusal::wrong_state("deposit", self.code(), "taken")),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Released => "released",
            Self::Taken => "taken",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a deposit.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Kind;

    #[test]
    fn a_deposit_is_released_or_taken_once() {
        assert_eq!(DepositState::Held.after(DepositStep::Release).unwrap(), DepositState::Released);
        assert_eq!(DepositState::Held.after(DepositStep::Take).unwrap(), DepositState::Taken);
        for state in [DepositState::Released, DepositState::Taken] {
            for step in [DepositStep::Release, DepositStep::Take] {
                assert_eq!(state.after(step).unwrap_err().kind, Kind::WrongState, "{state:?} {step:?}");
            }
        }
        for state in DepositState::ALL {
            assert_eq!(DepositState::parse(state.code()), Ok(state));
        }
        assert!(DepositState::parse("gone").is_err());
    }
}
