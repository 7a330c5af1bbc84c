//! The life of a request.

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Where a request stands: *draft → published → questions closed → closed → evaluating → awarded | cancelled*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RfqState {
    /// Being put together by the buyer.
    Draft,
    /// Questions and quotes come in.
    Published,
    /// Quotes come in, questions no more; in later rounds, too.
    QuestionsClosed,
    /// The deadline has passed; sealed quotes wait to be opened.
    Closed,
    /// The buyer compares.
    Evaluating,
    Awarded,
    Cancelled,
}

/// What can happen to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RfqStep {
    /// The draft is changed.
    Edit,
    Publish,
    /// A new version is published.
    Amend,
    /// An amendment gives new time for questions.
    ReopenQuestions,
    CloseQuestions,
    Close,
    /// The quotes are open.
    Evaluate,
    NextRound,
    Award,
    /// An award came to nothing: the buyer decides anew.
    Reconsider,
    Cancel,
}

impl RfqState {
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Published,
        Self::QuestionsClosed,
        Self::Closed,
        Self::Evaluating,
        Self::Awarded,
        Self::Cancelled,
    ];

    /// The state after a step, or a refusal if the step is not possible now. What was awarded is not cancelled: it is reconsidered first.
    pub fn after(self, step: RfqStep) -> Result<Self, Refusal> {
        use RfqState::{Awarded, Cancelled, Closed, Draft, Evaluating, Published, QuestionsClosed};
        match (self, step) {
            (Draft, RfqStep::Edit) => Ok(Draft),
            (Draft, RfqStep::Publish) | (Published, RfqStep::Amend) | (QuestionsClosed, RfqStep::ReopenQuestions) => {
                Ok(Published)
            }
            (Published, RfqStep::CloseQuestions)
            | (QuestionsClosed, RfqStep::Amend)
            | (Evaluating, RfqStep::NextRound) => Ok(QuestionsClosed),
            (Published | QuestionsClosed, RfqStep::Close) => Ok(Closed),
            (Closed, RfqStep::Evaluate) | (Awarded, RfqStep::Reconsider) => Ok(Evaluating),
            (Evaluating, RfqStep::Award) => Ok(Awarded),
            (Draft | Published | QuestionsClosed | Closed | Evaluating, RfqStep::Cancel) => Ok(Cancelled),
            _ => Err(Refusal::wrong_state("request for quotation", self.code(), step.done())),
        }
    }

    /// Whether quotes may come in, as far as the state says.
    pub fn takes_quotes(self) -> bool {
        matches!(self, Self::Published | Self::QuestionsClosed)
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::QuestionsClosed => "questions_closed",
            Self::Closed => "closed",
            Self::Evaluating => "evaluating",
            Self::Awarded => "awarded",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a request.")))
    }
}

impl RfqStep {
    pub const ALL: [Self; 11] = [
        Self::Edit,
        Self::Publish,
        Self::Amend,
        Self::ReopenQuestions,
        Self::CloseQuestions,
        Self::Close,
        Self::Evaluate,
        Self::NextRound,
        Self::Award,
        Self::Reconsider,
        Self::Cancel,
    ];

    fn done(self) -> &'static str {
        match self {
            Self::Edit => "changed",
            Self::Publish => "published",
            Self::Amend => "amended",
            Self::ReopenQuestions => "opened for questions again",
            Self::CloseQuestions => "closed for questions",
            Self::Close => "closed",
            Self::Evaluate => "evaluated",
            Self::NextRound => "taken to another round",
            Self::Award => "awarded",
            Self::Reconsider => "reconsidered",
            Self::Cancel => "cancelled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state() {
        use RfqState as S;
        use RfqStep as T;
        let legal = [
            (S::Draft, T::Edit, S::Draft),
            (S::Draft, T::Publish, S::Published),
            (S::Draft, T::Cancel, S::Cancelled),
            (S::Published, T::Amend, S::Published),
            (S::Published, T::CloseQuestions, S::QuestionsClosed),
            (S::Published, T::Close, S::Closed),
            (S::Published, T::Cancel, S::Cancelled),
            (S::QuestionsClosed, T::Amend, S::QuestionsClosed),
            (S::QuestionsClosed, T::ReopenQuestions, S::Published),
            (S::QuestionsClosed, T::Close, S::Closed),
            (S::QuestionsClosed, T::Cancel, S::Cancelled),
            (S::Closed, T::Evaluate, S::Evaluating),
            (S::Closed, T::Cancel, S::Cancelled),
            (S::Evaluating, T::NextRound, S::QuestionsClosed),
            (S::Evaluating, T::Award, S::Awarded),
            (S::Evaluating, T::Cancel, S::Cancelled),
            (S::Awarded, T::Reconsider, S::Evaluating),
        ];
        crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
    }

    #[test]
    fn codes_are_read_back() {
        for state in RfqState::ALL {
            assert_eq!(RfqState::parse(state.code()), Ok(state));
        }
        assert_eq!(RfqState::parse("open").unwrap_err().code, "state");
    }

    #[test]
    fn a_refused_step_is_told_in_plain_english() {
        let refusal = RfqState::Awarded.after(RfqStep::Cancel).unwrap_err();
        assert_eq!(refusal.detail, "A request for quotation that is awarded cannot be cancelled.");
    }
}
