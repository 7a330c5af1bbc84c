//! How a company stands to an auction in which it would like to bid.

use super::format::Access;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Refusal};

/// Where a company stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BidderState {
    /// By the holder; it bids once it applies.
    Invited,
    /// It waits for the holder to qualify it.
    Applied,
    /// It may bid.
    Admitted,
    Refused,
    /// It was taken out: its bids for lots that had not closed do not count.
    Withdrawn,
}

/// What can happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BidderStep {
    /// By the company.
    Apply,
    /// By the holder, as the others.
    Admit,
    Refuse,
    Withdraw,
}

impl BidderState {
    pub const ALL: [Self; 5] = [Self::Invited, Self::Applied, Self::Admitted, Self::Refused, Self::Withdrawn];

    /// Where a company stands that applies and was nothing in the auction before. To one by invitation nobody applies who is not invited.
    pub fn of_applicant(access: Access) -> Result<Self, Refusal> {
        match access {
            Access::Open => Ok(Self::Admitted),
            Access::Qualified => Ok(Self::Applied),
            Access::Invited => Err(Refusal::new(Kind::NotQualified, "Only whom the holder has invited bids here.")),
        }
    }

    /// The state after a step, or a refusal if the step is not possible now. Who was invited is qualified by that; who was refused or
    /// withdrawn comes in again by the holder alone.
    pub fn after(self, step: BidderStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Invited, BidderStep::Apply) => Ok(Self::Admitted),
            (Self::Refused, BidderStep::Apply) => {
                Err(Refusal::new(Kind::NotQualified, "The holder of the auction has refused your organisation."))
            }
            (Self::Withdrawn, BidderStep::Apply) => {
                Err(Refusal::new(Kind::BidderWithdrawn, "The holder of the auction has withdrawn your organisation."))
            }
            (Self::Applied | Self::Refused | Self::Withdrawn, BidderStep::Admit) => Ok(Self::Admitted),
            (Self::Invited | Self::Applied, BidderStep::Refuse) => Ok(Self::Refused),
            (Self::Admitted, BidderStep::Withdraw) => Ok(Self::Withdrawn),
            _ => Err(Refusal::wrong_state("bidder", self.code(), step.done())),
        }
    }

    /// Whether it binds a deposit: it bids, or may come to.
    pub fn may_bind_deposit(self) -> bool {
        matches!(self, Self::Invited | Self::Applied | Self::Admitted)
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Applied => "applied",
            Self::Admitted => "admitted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a bidder.")))
    }
}

impl BidderStep {
    pub const ALL: [Self; 4] = [Self::Apply, Self::Admit, Self::Refuse, Self::Withdraw];

    fn done(self) -> &'static str {
        match self {
            Self::Apply => "admitted again",
            Self::Admit => "admitted",
            Self::Refuse => "refused",
            Self::Withdraw => "withdrawn",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state() {
        use BidderState as S;
        use BidderStep as T;
        let table = [
            (S::Invited, T::Apply, Ok(S::Admitted)),
            (S::Invited, T::Admit, Err(Kind::WrongState)),
            (S::Invited, T::Refuse, Ok(S::Refused)),
            (S::Invited, T::Withdraw, Err(Kind::WrongState)),
            (S::Applied, T::Apply, Err(Kind::WrongState)),
            (S::Applied, T::Admit, Ok(S::Admitted)),
            (S::Applied, T::Refuse, Ok(S::Refused)),
            (S::Applied, T::Withdraw, Err(Kind::WrongState)),
            (S::Admitted, T::Apply, Err(Kind::WrongState)),
            (S::Admitted, T::Admit, Err(Kind::WrongState)),
            (S::Admitted, T::Refuse, Err(Kind::WrongState)),
            (S::Admitted, T::Withdraw, Ok(S::Withdrawn)),
            (S::Refused, T::Apply, Err(Kind::NotQualified)),
            (S::Refused, T::Admit, Ok(S::Admitted)),
            (S::Refused, T::Refuse, Err(Kind::WrongState)),
            (S::Refused, T::Withdraw, Err(Kind::WrongState)),
            (S::Withdrawn, T::Apply, Err(Kind::BidderWithdrawn)),
            (S::Withdrawn, T::Admit, Ok(S::Admitted)),
            (S::Withdrawn, T::Refuse, Err(Kind::WrongState)),
            (S::Withdrawn, T::Withdraw, Err(Kind::WrongState)),
        ];
        for state in S::ALL {
            for step in T::ALL {
                let row = table.iter().find(|(from, by, _)| (*from, *by) == (state, step));
                let expected = row.unwrap_or_else(|| panic!("no row for {state:?} {step:?}")).2;
                assert_eq!(state.after(step).map_err(|refusal| refusal.kind), expected, "{state:?} {step:?}");
            }
        }
    }

    #[test]
    fn who_comes_unasked_is_admitted_waits_or_is_refused() {
        let of = |access| BidderState::of_applicant(access).map_err(|refusal| refusal.kind);
        assert_eq!(of(Access::Open), Ok(BidderState::Admitted));
        assert_eq!(of(Access::Qualified), Ok(BidderState::Applied));
        assert_eq!(of(Access::Invited), Err(Kind::NotQualified));
    }

    #[test]
    fn codes_are_read_back() {
        for state in BidderState::ALL {
            assert_eq!(BidderState::parse(state.code()), Ok(state));
        }
        assert_eq!(BidderState::parse("barred").unwrap_err().code, "state");
    }
}
