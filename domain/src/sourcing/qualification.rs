//! Pre-qualification: who wants to quote is admitted by the buyer first, where the procedure asks for it.

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QualificationState {
    Applied,
    Admitted,
    Rejected,
}

/// What can happen to an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QualificationStep {
    Admit,
    Reject,
    /// The applicant tries again with better papers.
    Reapply,
}

impl QualificationState {
    pub const ALL: [Self; 3] = [Self::Applied, Self::Admitted, Self::Rejected];

    /// The state after a step, or a refusal if the step is not possible now. Who was admitted stays so: it may have quoted already.
    pub fn after(self, step: QualificationStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Applied, QualificationStep::Admit) => Ok(Self::Admitted),
            (Self::Applied, QualificationStep::Reject) => Ok(Self::Rejected),
            (Self::Rejected, QualificationStep::Reapply) => Ok(Self::Applied),
            _ => Err(Refusal::wrong_state("application", self.code(), step.done())),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Admitted => "admitted",
            Self::Rejected => "rejected",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of an application.")))
    }
}

impl QualificationStep {
    pub const ALL: [Self; 3] = [Self::Admit, Self::Reject, Self::Reapply];

    fn done(self) -> &'static str {
        match self {
            Self::Admit => "admitted",
            Self::Reject => "rejected",
            Self::Reapply => "made again",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state() {
        use QualificationState as S;
        use QualificationStep as T;
        let legal = [
            (S::Applied, T::Admit, S::Admitted),
            (S::Applied, T::Reject, S::Rejected),
            (S::Rejected, T::Reapply, S::Applied),
        ];
        for state in S::ALL {
            assert_eq!(S::parse(state.code()), Ok(state));
        }
        crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
    }
}
