//! Agreements of two parties: their text and signatures, deliveries and what ends them.

pub mod amendment;
pub mod delivery;
pub mod goods_return;
pub mod grade;
pub mod signature;
pub mod terms;
pub mod text;
pub mod weight;

pub use amendment::{Amendment, AmendmentState};
pub use delivery::{DeliveryState, DeliveryStep, LineProgress};
pub use grade::{Grading, Measurable, Measured, MeasuredInput, Part};
pub use signature::{Side, Signature, Signatures, sign};
pub use terms::{Charge, ChargeKind, Incoterm, Terms, TermsInput};
pub use text::{Agreement, AgreementLine, AgreementParty, hash_of};
pub use weight::CatchWeight;

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Where a contract stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContractState {
    AwaitingSignatures,
    /// Signed by both; goods are delivered under it.
    Active,
    /// Everything agreed has been received.
    Fulfilled,
    /// Fulfilled and settled: nothing is to be done any more.
    Closed,
    /// Given up before anything was despatched.
    Cancelled,
    Disputed,
    /// Ended before it was fulfilled.
    Terminated,
}

/// What can happen to a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContractStep {
    /// The second signature.
    Activate,
    Fulfil,
    Close,
    Cancel,
    Dispute,
    /// The dispute is settled and the contract goes on.
    Resolve,
    Terminate,
}

impl ContractState {
    pub const ALL: [Self; 7] = [
        Self::AwaitingSignatures,
        Self::Active,
        Self::Fulfilled,
        Self::Closed,
        Self::Cancelled,
        Self::Disputed,
        Self::Terminated,
    ];

    /// The state after a step, or a refusal if the step is not possible now. A dispute about a fulfilled contract is
    /// resolved to `active`, too: what was agreed on may have to be delivered again, and if nothing is missing the
    /// contract is fulfilled anew at once.
    pub fn after(self, step: ContractStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::AwaitingSignatures, ContractStep::Activate) => Ok(Self::Active),
            (Self::AwaitingSignatures | Self::Active, ContractStep::Cancel) => Ok(Self::Cancelled),
            (Self::Active, ContractStep::Fulfil) => Ok(Self::Fulfilled),
            (Self::Fulfilled, ContractStep::Close) => Ok(Self::Closed),
            (Self::Active | Self::Fulfilled, ContractStep::Dispute) => Ok(Self::Disputed),
            (Self::Disputed, ContractStep::Resolve) => Ok(Self::Active),
            (Self::Active | Self::Disputed, ContractStep::Terminate) => Ok(Self::Terminated),
            _ => Err(Refusal::wrong_state("contract", self.code(), step.done())),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::AwaitingSignatures => "awaiting_signatures",
            Self::Active => "active",
            Self::Fulfilled => "fulfilled",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Disputed => "disputed",
            Self::Terminated => "terminated",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a contract.")))
    }
}

impl ContractStep {
    pub const ALL: [Self; 7] =
        [Self::Activate, Self::Fulfil, Self::Close, Self::Cancel, Self::Dispute, Self::Resolve, Self::Terminate];

    fn done(self) -> &'static str {
        match self {
            Self::Activate => "activated",
            Self::Fulfil => "fulfilled",
            Self::Close => "closed",
            Self::Cancel => "cancelled",
            Self::Dispute => "disputed",
            Self::Resolve => "resolved",
            Self::Terminate => "terminated",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state() {
        use ContractState as S;
        use ContractStep as T;
        let legal = [
            (S::AwaitingSignatures, T::Activate, S::Active),
            (S::AwaitingSignatures, T::Cancel, S::Cancelled),
            (S::Active, T::Fulfil, S::Fulfilled),
            (S::Active, T::Cancel, S::Cancelled),
            (S::Active, T::Dispute, S::Disputed),
            (S::Active, T::Terminate, S::Terminated),
            (S::Fulfilled, T::Close, S::Closed),
            (S::Fulfilled, T::Dispute, S::Disputed),
            (S::Disputed, T::Resolve, S::Active),
            (S::Disputed, T::Terminate, S::Terminated),
        ];
        crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
    }

    #[test]
    fn codes_are_read_back() {
        for state in ContractState::ALL {
            assert_eq!(ContractState::parse(state.code()).unwrap(), state);
        }
        assert!(ContractState::parse("").is_err());
    }
}
