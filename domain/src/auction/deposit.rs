//! Deposits of bidders: money in the ledger that answers for their bids.

use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Refusal};

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

/// Lets a company free its deposit by itself: before the auction opens, and once all lots have closed if it has won nothing that it has
/// not signed for. While bidding runs it is bound, whether the company has bid or not: its next bid may be on its way.
pub fn check_release(has_opened: bool, is_over: bool, owes_signature: bool) -> Result<(), Refusal> {
    let detail = match (has_opened, is_over, owes_signature) {
        (false, ..) | (true, true, false) => return Ok(()),
        (true, false, _) => "The deposit is bound until all lots have closed.",
        (true, true, true) => "The deposit is bound until your contract is signed by both.",
    };
    Err(Refusal::new(Kind::WrongState, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deposit_is_free_before_the_opening_and_for_losers_after_the_end() {
        for has_opened in [false, true] {
            for is_over in [false, true] {
                for owes in [false, true] {
                    let expected = !has_opened || is_over && !owes;
                    assert_eq!(check_release(has_opened, is_over, owes).is_ok(), expected);
                }
            }
        }
    }

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
