//! The states of a webhook: enabled, or disabled by its owner or by failure.

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Why a webhook was disabled by the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It answered 410.
    Gone,
    /// An event was sent for three days, and nothing was taken since.
    Exhausted,
}

/// Whether events are sent, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Enabled,
    DisabledByOwner,
    DisabledByFailure(Reason),
}

/// What is done with a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Enable,
    Disable,
    /// The service gives it up.
    GiveUp(Reason),
}

impl State {
    pub const ALL: [Self; 4] = [
        Self::Enabled,
        Self::DisabledByOwner,
        Self::DisabledByFailure(Reason::Gone),
        Self::DisabledByFailure(Reason::Exhausted),
    ];

    /// How it is kept and told: state and reason.
    pub fn code(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Enabled => ("enabled", None),
            Self::DisabledByOwner => ("disabled", None),
            Self::DisabledByFailure(Reason::Gone) => ("failed", Some("gone")),
            Self::DisabledByFailure(Reason::Exhausted) => ("failed", Some("exhausted")),
        }
    }

    pub fn parse(state: &str, reason: Option<&str>) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|one| one.code() == (state, reason));
        known.ok_or_else(|| Invalid::new("state", format!("`{state}` is no state of a webhook.")))
    }

    /// The state after a step. What is enabled cannot be enabled again, and what is disabled not disabled.
    pub fn after(self, step: Step) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Enabled, Step::Disable) => Ok(Self::DisabledByOwner),
            (Self::Enabled, Step::GiveUp(reason)) => Ok(Self::DisabledByFailure(reason)),
            (Self::DisabledByOwner | Self::DisabledByFailure(_), Step::Enable) => Ok(Self::Enabled),
            (Self::Enabled, Step::Enable) => Err(Refusal::wrong_state("webhook", "enabled", "enabled")),
            (_, Step::Disable | Step::GiveUp(_)) => Err(Refusal::wrong_state("webhook", "disabled", "disabled")),
        }
    }

    /// Refuses what only an enabled webhook gets.
    pub fn check_enabled(self, step: &str) -> Result<(), Refusal> {
        if self == Self::Enabled { Ok(()) } else { Err(Refusal::wrong_state("webhook", "disabled", step)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Kind;

    #[test]
    fn every_step_from_every_state() {
        let failed = State::DisabledByFailure;
        let steps = [Step::Enable, Step::Disable, Step::GiveUp(Reason::Gone), Step::GiveUp(Reason::Exhausted)];
        for state in State::ALL {
            for step in steps {
                let expected = match (state, step) {
                    (State::Enabled, Step::Disable) => Some(State::DisabledByOwner),
                    (State::Enabled, Step::GiveUp(reason)) => Some(failed(reason)),
                    (State::Enabled, Step::Enable) => None,
                    (_, Step::Enable) => Some(State::Enabled),
                    _ => None,
                };
                let got = state.after(step);
                assert_eq!(got.clone().ok(), expected, "{state:?} {step:?}");
                assert!(got.is_ok() || got.unwrap_err().kind == Kind::WrongState);
            }
        }
    }

    #[test]
    fn states_and_codes_correspond() {
        for state in State::ALL {
            let (code, reason) = state.code();
            assert_eq!(State::parse(code, reason), Ok(state));
            assert_eq!(state.check_enabled("tested").is_ok(), state == State::Enabled);
        }
        assert!(State::parse("failed", None).is_err() && State::parse("enabled", Some("gone")).is_err());
    }
}
