//! Later changes of a contract that both sides sign.

use super::ContractState;
use super::signature::{Side, Signature, Signatures};
use super::text::hash_of;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Refusal};

const LONGEST_TEXT: usize = 20_000;

/// Where an amendment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AmendmentState {
    Proposed,
    /// Signed by both: part of the contract.
    Agreed,
    /// Taken back by the side that proposed it.
    Withdrawn,
    /// Refused by the other side.
    Declined,
}

/// What can happen to an amendment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AmendmentStep {
    /// The second signature.
    Agree,
    Withdraw,
    Decline,
}

impl AmendmentState {
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Agreed, Self::Withdrawn, Self::Declined];

    /// The state after a step, or a refusal if the step is not possible now.
    pub fn after(self, step: AmendmentStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Proposed, AmendmentStep::Agree) => Ok(Self::Agreed),
            (Self::Proposed, AmendmentStep::Withdraw) => Ok(Self::Withdrawn),
            (Self::Proposed, AmendmentStep::Decline) => Ok(Self::Declined),
            _ => Err(Refusal::wrong_state("amendment", self.code(), step.done())),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Agreed => "agreed",
            Self::Withdrawn => "withdrawn",
            Self::Declined => "declined",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of an amendment.")))
    }
}

impl AmendmentStep {
    pub const ALL: [Self; 3] = [Self::Agree, Self::Withdraw, Self::Decline];

    fn done(self) -> &'static str {
        match self {
            Self::Agree => "agreed on",
            Self::Withdraw => "withdrawn",
            Self::Decline => "declined",
        }
    }
}

/// A change of a contract, with a number of its own within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amendment {
    pub number: u32,
    pub proposed_by: Side,
    pub text: String,
    /// SHA-256 of the text, see [`hash_of`].
    pub text_hash: String,
    pub state: AmendmentState,
    pub signatures: Signatures,
}

impl Amendment {
    /// Proposes a change of a contract that is active or disputed. `earlier` are all its amendments so far, of which
    /// none may be open: otherwise it would depend on the order of signing what is agreed. `shown` is the hash of the
    /// text as its author computed it. To propose is not to sign.
    pub fn propose(
        contract: ContractState,
        earlier: &[AmendmentState],
        proposed_by: Side,
        text: String,
        shown: &str,
    ) -> Result<Self, Refusal> {
        check_contract(contract)?;
        check_text(&text).map_err(|invalid| invalid.at("/text"))?;
        if earlier.contains(&AmendmentState::Proposed) {
            return Err(Refusal::new(Kind::AlreadyExists, "Another amendment is still open."));
        }
        let text_hash = hash_of(&text);
        if !shown.eq_ignore_ascii_case(&text_hash) {
            return Err(Refusal::new(Kind::TextChanged, "The hash is not that of the text."));
        }
        let number = u32::try_from(earlier.len()).unwrap_or(u32::MAX).saturating_add(1);
        Ok(Self {
            number,
            proposed_by,
            text,
            text_hash,
            state: AmendmentState::Proposed,
            signatures: Signatures::default(),
        })
    }

    /// Adds a signature as [`Signatures::add`] does; with the second one the amendment is agreed on.
    pub fn sign(&mut self, contract: ContractState, signature: Signature, shown: &str) -> Result<(), Refusal> {
        check_contract(contract)?;
        if self.state != AmendmentState::Proposed {
            return Err(Refusal::wrong_state("amendment", self.state.code(), "signed"));
        }
        self.signatures.add(signature, &self.text_hash, shown)?;
        if self.signatures.complete() {
            self.state = self.state.after(AmendmentStep::Agree)?;
        }
        Ok(())
    }

    /// Gives an open amendment up: its author withdraws it, the other side declines it.
    pub fn drop_by(&mut self, side: Side) -> Result<(), Refusal> {
        let step = if side == self.proposed_by { AmendmentStep::Withdraw } else { AmendmentStep::Decline };
        self.state = self.state.after(step)?;
        Ok(())
    }
}

fn check_contract(state: ContractState) -> Result<(), Refusal> {
    match state {
        ContractState::Active | ContractState::Disputed => Ok(()),
        _ => Err(Refusal::wrong_state("contract", state.code(), "amended")),
    }
}

fn check_text(text: &str) -> Result<(), Invalid> {
    if text.trim().is_empty() {
        return Err(Invalid::new("required", "An amendment has a text."));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(Invalid::new("too_long", format!("An amendment has at most {LONGEST_TEXT} characters.")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::signature::tests::signature;

    const TEXT: &str = "Delivery by 2027-01-31.";

    fn propose(contract: ContractState, earlier: &[AmendmentState]) -> Result<Amendment, Refusal> {
        Amendment::propose(contract, earlier, Side::Seller, TEXT.into(), &hash_of(TEXT))
    }

    #[test]
    fn every_step_from_every_state() {
        for state in AmendmentState::ALL {
            assert_eq!(AmendmentState::parse(state.code()).unwrap(), state);
            for step in AmendmentStep::ALL {
                let open = state == AmendmentState::Proposed;
                assert_eq!(state.after(step).is_ok(), open, "{state:?} {step:?}");
            }
        }
        let after = |step| AmendmentState::Proposed.after(step).unwrap();
        assert_eq!(after(AmendmentStep::Agree), AmendmentState::Agreed);
        assert_eq!(after(AmendmentStep::Withdraw), AmendmentState::Withdrawn);
        assert_eq!(after(AmendmentStep::Decline), AmendmentState::Declined);
    }

    #[test]
    fn both_sign_what_one_proposed() {
        let mut amendment =
            propose(ContractState::Active, &[AmendmentState::Agreed, AmendmentState::Declined]).unwrap();
        assert_eq!(amendment.number, 3);
        let hash = amendment.text_hash.clone();
        amendment.sign(ContractState::Active, signature(Side::Buyer), &hash).unwrap();
        assert_eq!(amendment.state, AmendmentState::Proposed);
        let again = amendment.sign(ContractState::Active, signature(Side::Buyer), &hash);
        assert_eq!(again.unwrap_err().kind, Kind::AlreadySigned);
        amendment.sign(ContractState::Disputed, signature(Side::Seller), &hash).unwrap();
        assert_eq!(amendment.state, AmendmentState::Agreed);
        assert_eq!(amendment.drop_by(Side::Seller).unwrap_err().kind, Kind::WrongState);
    }

    #[test]
    fn only_a_contract_in_force_is_amended_and_one_change_at_a_time() {
        for state in ContractState::ALL {
            let in_force = matches!(state, ContractState::Active | ContractState::Disputed);
            assert_eq!(propose(state, &[]).is_ok(), in_force, "{state:?}");
        }
        let second = propose(ContractState::Active, &[AmendmentState::Proposed]);
        assert_eq!(second.unwrap_err().kind, Kind::AlreadyExists);
    }

    #[test]
    fn the_hash_must_be_that_of_the_text() {
        let propose =
            |text: &str, hash: &str| Amendment::propose(ContractState::Active, &[], Side::Buyer, text.into(), hash);
        assert_eq!(propose(TEXT, &hash_of("other")).unwrap_err().kind, Kind::TextChanged);
        assert_eq!(propose(" \n", "").unwrap_err().faults[0].code, "required");
        assert_eq!(propose(&"я".repeat(20_001), "").unwrap_err().faults[0].code, "too_long");
        let mut amendment = propose(TEXT, &hash_of(TEXT)).unwrap();
        let wrong = amendment.sign(ContractState::Active, signature(Side::Seller), &hash_of("other"));
        assert_eq!(wrong.unwrap_err().kind, Kind::TextChanged);
    }

    #[test]
    fn its_author_withdraws_and_the_other_declines() {
        for (side, state) in [(Side::Seller, AmendmentState::Withdrawn), (Side::Buyer, AmendmentState::Declined)] {
            let mut amendment = propose(ContractState::Active, &[]).unwrap();
            amendment.drop_by(side).unwrap();
            assert_eq!(amendment.state, state);
            let hash = amendment.text_hash.clone();
            let late = amendment.sign(ContractState::Active, signature(Side::Buyer), &hash);
            assert_eq!(late.unwrap_err().kind, Kind::WrongState);
        }
    }
}
