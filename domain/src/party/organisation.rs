//! The life of an organisation, and groups of them.

use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, OrganisationId, Refusal};

/// Where an organisation stands: *pending → verified → suspended → verified …, closed*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganisationState {
    /// Registered, or changed in what was verified; waits for the operator.
    Pending,
    /// May trade.
    Verified,
    /// May look, but not trade.
    Suspended,
    /// Is kept for the record only.
    Closed,
}

/// What can be done with an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Verify,
    /// The evidence does not do; the organisation stays pending and is told why.
    Reject,
    Suspend,
    Reinstate,
    /// Name, country or identifiers have changed: what was verified is another organisation now.
    Change,
    Close,
}

impl OrganisationState {
    pub const ALL: [Self; 4] = [Self::Pending, Self::Verified, Self::Suspended, Self::Closed];

    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Verified => "verified",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|state| state.code() == code);
        known.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of an organisation.")))
    }

    /// The state after a step. A suspended organisation stays suspended when it changes its data: only the operator ends that.
    pub fn step(self, step: Step) -> Result<Self, Refusal> {
        use OrganisationState::{Closed, Pending, Suspended, Verified};
        match (self, step) {
            (Pending, Step::Verify) | (Suspended, Step::Reinstate) => Ok(Verified),
            (Pending, Step::Reject | Step::Change) | (Verified, Step::Change) => Ok(Pending),
            (Verified, Step::Suspend) | (Suspended, Step::Change) => Ok(Suspended),
            (Pending | Verified | Suspended, Step::Close) => Ok(Closed),
            _ => Err(Refusal::wrong_state("organisation", self.code(), step.past())),
        }
    }
}

impl Step {
    fn past(self) -> &'static str {
        match self {
            Self::Verify => "verified",
            Self::Reject => "rejected",
            Self::Suspend => "suspended",
            Self::Reinstate => "reinstated",
            Self::Change => "changed",
            Self::Close => "closed",
        }
    }
}

/// Only verified organisations trade.
pub fn may_trade(state: OrganisationState) -> Result<(), Refusal> {
    match state {
        OrganisationState::Verified => Ok(()),
        OrganisationState::Suspended => Err(Refusal::new(Kind::Suspended, "Your organisation is suspended.")),
        OrganisationState::Pending | OrganisationState::Closed => {
            Err(Refusal::new(Kind::NotVerified, "Your organisation is not verified."))
        }
    }
}

/// Whether `affiliate` may name `parent`, whose own parents are `ancestors`: groups are trees.
pub fn check_parent(
    affiliate: OrganisationId,
    parent: OrganisationId,
    ancestors: &[OrganisationId],
) -> Result<(), Refusal> {
    if affiliate == parent || ancestors.contains(&affiliate) {
        return Err(Refusal::fault("/parent_id", "cycle", "An organisation cannot stand above itself in its group."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn every_state_takes_every_step_as_the_table_says() {
        use OrganisationState::{Closed, Pending, Suspended, Verified};
        let steps = [Step::Verify, Step::Reject, Step::Suspend, Step::Reinstate, Step::Change, Step::Close];
        let table = [
            (Pending, [Some(Verified), Some(Pending), None, None, Some(Pending), Some(Closed)]),
            (Verified, [None, None, Some(Suspended), None, Some(Pending), Some(Closed)]),
            (Suspended, [None, None, None, Some(Verified), Some(Suspended), Some(Closed)]),
            (Closed, [None, None, None, None, None, None]),
        ];
        for (state, expected) in table {
            for (step, expected) in steps.into_iter().zip(expected) {
                let got = state.step(step);
                assert_eq!(got.as_ref().ok(), expected.as_ref(), "{state:?} {step:?}");
                assert!(got.err().is_none_or(|refusal| refusal.kind == Kind::WrongState));
            }
        }
    }

    #[test]
    fn only_the_verified_trade() {
        assert!(may_trade(OrganisationState::Verified).is_ok());
        assert_eq!(may_trade(OrganisationState::Suspended).unwrap_err().kind, Kind::Suspended);
        assert_eq!(may_trade(OrganisationState::Pending).unwrap_err().kind, Kind::NotVerified);
        assert_eq!(may_trade(OrganisationState::Closed).unwrap_err().kind, Kind::NotVerified);
    }

    #[test]
    fn groups_have_no_circles() {
        let id = |n| OrganisationId(Uuid::from_u128(n));
        assert!(check_parent(id(1), id(2), &[id(3)]).is_ok());
        assert!(check_parent(id(1), id(1), &[]).is_err());
        assert!(check_parent(id(1), id(2), &[id(3), id(1)]).is_err());
    }
}
