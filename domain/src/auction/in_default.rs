//! When a winner is in default: it does not keep its word, and its deposit is taken.

use chrono::TimeDelta;

use crate::contract::ContractState;
use crate::kernel::{Kind, Refusal, Timestamp};

/// The days within which a winner signs its contract.
pub const DAYS_TO_SIGN: i64 = 7;

/// The days within which the holder says that a winner is in default who gave its contract up; afterwards the deposit is free.
pub const DAYS_TO_DECLARE: i64 = 30;

/// How the contract of a winner stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pledge {
    pub contract: ContractState,
    pub made_at: Timestamp,
    /// By the winner.
    pub has_signed: bool,
    /// By the winner: it asked for that first, or did it alone.
    pub given_up_at: Option<Timestamp>,
}

impl Pledge {
    /// Lets pass a default: the winner has not signed in time, or has given the contract up.
    pub fn check_default(&self, at: Timestamp) -> Result<(), Refusal> {
        let wrong = |detail: String| Err(Refusal::new(Kind::WrongState, detail));
        match self.contract {
            ContractState::AwaitingSignatures if self.has_signed => {
                wrong("The winner has signed: the holder's signature is missing.".to_owned())
            }
            ContractState::AwaitingSignatures if at < self.last_day() => {
                wrong(format!("The winner can sign until {}.", self.last_day().format("%Y-%m-%dT%H:%M:%SZ")))
            }
            ContractState::AwaitingSignatures => Ok(()),
            ContractState::Cancelled => match self.given_up_at {
                Some(since) if at < since + TimeDelta::days(DAYS_TO_DECLARE) => Ok(()),
                Some(_) => wrong(format!("A default is declared within {DAYS_TO_DECLARE} days.")),
                None => wrong("The winner did not give the contract up.".to_owned()),
            },
            other => Err(Refusal::wrong_state("contract", other.code(), "called in default")),
        }
    }

    /// Whether the deposit of the winner answers for the contract still.
    pub fn binds_deposit(&self, at: Timestamp) -> bool {
        match self.contract {
            ContractState::AwaitingSignatures => true,
            ContractState::Cancelled => {
                self.given_up_at.is_some_and(|since| at < since + TimeDelta::days(DAYS_TO_DECLARE))
            }
            _ => false,
        }
    }

    fn last_day(&self) -> Timestamp {
        self.made_at + TimeDelta::days(DAYS_TO_SIGN)
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::tests::at;
    use super::*;

    const DAY: i64 = 24 * 3600;

    fn pledge(contract: ContractState) -> Pledge {
        Pledge { contract, made_at: at(0), has_signed: false, given_up_at: None }
    }

    #[test]
    fn a_winner_has_a_week_to_sign() {
        let pledge = pledge(ContractState::AwaitingSignatures);
        assert_eq!(pledge.check_default(at(7 * DAY - 1)).unwrap_err().kind, Kind::WrongState);
        assert!(pledge.check_default(at(7 * DAY)).is_ok());
        let signed = Pledge { has_signed: true, ..pledge };
        assert_eq!(signed.check_default(at(70 * DAY)).unwrap_err().kind, Kind::WrongState);
        assert!(pledge.binds_deposit(at(70 * DAY)) && signed.binds_deposit(at(70 * DAY)));
    }

    #[test]
    fn who_gives_its_contract_up_answers_for_it_for_a_month() {
        let by_holder = pledge(ContractState::Cancelled);
        assert!(by_holder.check_default(at(0)).is_err() && !by_holder.binds_deposit(at(0)));
        let by_winner = Pledge { given_up_at: Some(at(0)), ..by_holder };
        for (seconds, bound) in [(0, true), (30 * DAY - 1, true), (30 * DAY, false)] {
            assert_eq!(by_winner.check_default(at(seconds)).is_ok(), bound, "{seconds}");
            assert_eq!(by_winner.binds_deposit(at(seconds)), bound, "{seconds}");
        }
    }

    #[test]
    fn who_has_concluded_its_contract_is_never_in_default() {
        use ContractState::{Active, Closed, Disputed, Fulfilled, Terminated};
        for state in [Active, Fulfilled, Closed, Disputed, Terminated] {
            assert!(pledge(state).check_default(at(70 * DAY)).is_err(), "{state:?}");
            assert!(!pledge(state).binds_deposit(at(0)), "{state:?}");
        }
    }
}
