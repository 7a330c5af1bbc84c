//! Membership of an organisation in a portal.

use super::{Function, check_function};
use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Refusal};

/// What a member may do in a portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    Buy,
    Sell,
    Trade,
    Bid,
    Quote,
    Moderate,
    Manage,
}

impl Capability {
    pub const ALL: [Self; 7] =
        [Self::Buy, Self::Sell, Self::Trade, Self::Bid, Self::Quote, Self::Moderate, Self::Manage];

    pub fn code(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
            Self::Trade => "trade",
            Self::Bid => "bid",
            Self::Quote => "quote",
            Self::Moderate => "moderate",
            Self::Manage => "manage",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|capability| capability.code() == code);
        known.ok_or_else(|| Invalid::new("capability", format!("`{code}` is not a capability.")))
    }

    /// What an outsider can ask for by itself; the rest is given by those who manage the portal.
    pub fn can_be_applied_for(self) -> bool {
        !matches!(self, Self::Moderate | Self::Manage)
    }
}

/// Where a membership stands: *invited | applied → active → suspended | ended*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberState {
    Invited,
    Applied,
    Active,
    Suspended,
    Ended,
}

/// What can be done with a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberStep {
    /// The portal asks the organisation in (again).
    Invite,
    /// The organisation asks to be let in (again).
    Apply,
    /// The organisation takes up the invitation.
    Accept,
    /// The portal grants the application.
    Approve,
    Suspend,
    Reinstate,
    /// Either side ends it.
    End,
}

impl MemberState {
    pub const ALL: [Self; 5] = [Self::Invited, Self::Applied, Self::Active, Self::Suspended, Self::Ended];

    pub fn code(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Applied => "applied",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|state| state.code() == code);
        known.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a membership.")))
    }

    /// The state after a step. An application meets an invitation (or the other way round) and both sides agree.
    pub fn step(self, step: MemberStep) -> Result<Self, Refusal> {
        use MemberState::{Active, Applied, Ended, Invited, Suspended};
        match (self, step) {
            (Invited, MemberStep::Accept | MemberStep::Apply) | (Applied, MemberStep::Approve | MemberStep::Invite) => {
                Ok(Active)
            }
            (Ended, MemberStep::Invite) => Ok(Invited),
            (Ended, MemberStep::Apply) => Ok(Applied),
            (Active, MemberStep::Suspend) => Ok(Suspended),
            (Suspended, MemberStep::Reinstate) => Ok(Active),
            (Invited | Applied | Active | Suspended, MemberStep::End) => Ok(Ended),
            _ => Err(Refusal::wrong_state("membership", self.code(), step.past())),
        }
    }

    /// Whether the member sees a closed portal: everybody who is, or was asked to be, in it.
    pub fn sees(self) -> bool {
        matches!(self, Self::Invited | Self::Active | Self::Suspended)
    }
}

impl MemberStep {
    pub const ALL: [Self; 7] =
        [Self::Invite, Self::Apply, Self::Accept, Self::Approve, Self::Suspend, Self::Reinstate, Self::End];

    fn past(self) -> &'static str {
        match self {
            Self::Invite => "invited",
            Self::Apply => "applied for",
            Self::Accept => "accepted",
            Self::Approve => "approved",
            Self::Suspend => "suspended",
            Self::Reinstate => "reinstated",
            Self::End => "ended",
        }
    }
}

/// How an organisation stands in a portal.
#[derive(Debug, Clone)]
pub struct Standing {
    pub state: MemberState,
    pub capabilities: Vec<Capability>,
    /// The version of the rules it accepted; 0 for none.
    pub accepted_rules: i32,
}

impl Standing {
    /// Whether it may act by this capability in a portal with these functions and rules. Who has not accepted the current rules
    /// may look, but not act.
    pub fn may(&self, capability: Capability, functions: &[Function], rules: i32) -> Result<(), Refusal> {
        if let Some(function) = function_of(capability) {
            check_function(functions, function)?;
        }
        if self.state != MemberState::Active || !self.capabilities.contains(&capability) {
            return Err(missing(capability));
        }
        if self.accepted_rules < rules {
            let detail = format!("Accept version {rules} of the portal's rules first.");
            return Err(Refusal::new(Kind::RulesNotAccepted, detail));
        }
        Ok(())
    }
}

/// The refusal of who has not the capability, or is no member at all.
pub fn missing(capability: Capability) -> Refusal {
    let detail = format!("Your organisation is not an active member with the capability `{}`.", capability.code());
    Refusal::new(Kind::CapabilityMissing, detail)
}

/// The function a capability belongs to; buying and selling go on in several.
fn function_of(capability: Capability) -> Option<Function> {
    match capability {
        Capability::Trade => Some(Function::Exchange),
        Capability::Bid => Some(Function::Auction),
        Capability::Quote => Some(Function::Sourcing),
        Capability::Buy | Capability::Sell | Capability::Moderate | Capability::Manage => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_takes_every_step_as_the_table_says() {
        use MemberState::{Active, Applied, Ended, Invited, Suspended};
        // Invite, Apply, Accept, Approve, Suspend, Reinstate, End
        let table = [
            (Invited, [None, Some(Active), Some(Active), None, None, None, Some(Ended)]),
            (Applied, [Some(Active), None, None, Some(Active), None, None, Some(Ended)]),
            (Active, [None, None, None, None, Some(Suspended), None, Some(Ended)]),
            (Suspended, [None, None, None, None, None, Some(Active), Some(Ended)]),
            (Ended, [Some(Invited), Some(Applied), None, None, None, None, None]),
        ];
        for (state, expected) in table {
            for (step, expected) in MemberStep::ALL.into_iter().zip(expected) {
                assert_eq!(state.step(step).ok(), expected, "{state:?} {step:?}");
            }
        }
    }

    #[test]
    fn acting_needs_state_capability_function_and_rules() {
        let functions = [Function::Catalogue];
        let standing = |state, accepted_rules| Standing { state, capabilities: vec![Capability::Buy], accepted_rules };
        let kind = |standing: Standing, capability| standing.may(capability, &functions, 2).err().map(|r| r.kind);
        assert_eq!(kind(standing(MemberState::Active, 2), Capability::Buy), None);
        assert_eq!(kind(standing(MemberState::Active, 1), Capability::Buy), Some(Kind::RulesNotAccepted));
        assert_eq!(kind(standing(MemberState::Active, 2), Capability::Sell), Some(Kind::CapabilityMissing));
        assert_eq!(kind(standing(MemberState::Suspended, 2), Capability::Buy), Some(Kind::CapabilityMissing));
        assert_eq!(kind(standing(MemberState::Active, 2), Capability::Trade), Some(Kind::NotFound));
    }
}
