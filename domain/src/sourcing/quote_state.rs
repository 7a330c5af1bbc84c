//! The life of a quote.

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Where a quote stands: *draft → submitted → revised … → withdrawn | awarded | not_awarded | expired | lapsed | declined*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuoteState {
    /// Being put together by the quoter.
    Draft,
    Submitted,
    /// Submitted, and replaced since.
    Revised,
    /// Taken back by the quoter before the deadline.
    Withdrawn,
    Awarded,
    NotAwarded,
    /// Its validity ended without an award.
    Expired,
    /// Not confirmed to a new version of the request in time.
    Lapsed,
    /// Awarded, and the quoter does not take the award.
    Declined,
}

/// What can happen to a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QuoteStep {
    /// The draft is changed.
    Edit,
    Submit,
    Revise,
    /// The quoter stands by it for a new version of the request.
    Confirm,
    Withdraw,
    Award,
    /// Others were awarded, or the buyer excluded it.
    PassOver,
    /// The buyer takes an award back before there is a contract.
    Rescind,
    Expire,
    Lapse,
    /// The quoter does not take the award.
    Decline,
}

impl QuoteState {
    pub const ALL: [Self; 9] = [
        Self::Draft,
        Self::Submitted,
        Self::Revised,
        Self::Withdrawn,
        Self::Awarded,
        Self::NotAwarded,
        Self::Expired,
        Self::Lapsed,
        Self::Declined,
    ];

    /// The state after a step, or a refusal if the step is not possible now. A quote that was passed over can still be awarded, and
    /// one that was awarded in part can be awarded more, when a winner declines; one that was withdrawn can be submitted again.
    pub fn after(self, step: QuoteStep) -> Result<Self, Refusal> {
        use QuoteState::{Awarded, Declined, Draft, Expired, Lapsed, NotAwarded, Revised, Submitted, Withdrawn};
        match (self, step) {
            (Draft, QuoteStep::Edit) => Ok(Draft),
            (Draft | Withdrawn, QuoteStep::Submit) | (Submitted, QuoteStep::Confirm) => Ok(Submitted),
            (Submitted | Revised, QuoteStep::Revise) | (Revised, QuoteStep::Confirm) => Ok(Revised),
            (Submitted | Revised, QuoteStep::Withdraw) => Ok(Withdrawn),
            (Submitted | Revised | NotAwarded | Awarded, QuoteStep::Award) => Ok(Awarded),
            (Submitted | Revised, QuoteStep::PassOver) | (Awarded, QuoteStep::Rescind) => Ok(NotAwarded),
            (Submitted | Revised | NotAwarded, QuoteStep::Expire) => Ok(Expired),
            (Submitted | Revised, QuoteStep::Lapse) => Ok(Lapsed),
            (Awarded, QuoteStep::Decline) => Ok(Declined),
            _ => Err(Refusal::wrong_state("quote", self.code(), step.done())),
        }
    }

    /// Whether it competes: it was submitted and neither taken back nor decided on.
    pub fn competes(self) -> bool {
        matches!(self, Self::Submitted | Self::Revised)
    }

    /// Whether it may be awarded.
    pub fn can_be_awarded(self) -> bool {
        self.after(QuoteStep::Award).is_ok()
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Revised => "revised",
            Self::Withdrawn => "withdrawn",
            Self::Awarded => "awarded",
            Self::NotAwarded => "not_awarded",
            Self::Expired => "expired",
            Self::Lapsed => "lapsed",
            Self::Declined => "declined",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of a quote.")))
    }
}

impl QuoteStep {
    pub const ALL: [Self; 11] = [
        Self::Edit,
        Self::Submit,
        Self::Revise,
        Self::Confirm,
        Self::Withdraw,
        Self::Award,
        Self::PassOver,
        Self::Rescind,
        Self::Expire,
        Self::Lapse,
        Self::Decline,
    ];

    fn done(self) -> &'static str {
        match self {
            Self::Edit => "changed as a draft",
            Self::Submit => "submitted",
            Self::Revise => "revised",
            Self::Confirm => "confirmed",
            Self::Withdraw => "withdrawn",
            Self::Award => "awarded",
            Self::PassOver => "passed over",
            Self::Rescind => "deprived of an award",
            Self::Expire => "expired",
            Self::Lapse => "lapsed",
            Self::Decline => "declined by its quoter",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state() {
        use QuoteState as S;
        use QuoteStep as T;
        let legal = [
            (S::Draft, T::Edit, S::Draft),
            (S::Draft, T::Submit, S::Submitted),
            (S::Submitted, T::Revise, S::Revised),
            (S::Submitted, T::Confirm, S::Submitted),
            (S::Submitted, T::Withdraw, S::Withdrawn),
            (S::Submitted, T::Award, S::Awarded),
            (S::Submitted, T::PassOver, S::NotAwarded),
            (S::Submitted, T::Expire, S::Expired),
            (S::Submitted, T::Lapse, S::Lapsed),
            (S::Revised, T::Revise, S::Revised),
            (S::Revised, T::Confirm, S::Revised),
            (S::Revised, T::Withdraw, S::Withdrawn),
            (S::Revised, T::Award, S::Awarded),
            (S::Revised, T::PassOver, S::NotAwarded),
            (S::Revised, T::Expire, S::Expired),
            (S::Revised, T::Lapse, S::Lapsed),
            (S::Withdrawn, T::Submit, S::Submitted),
            (S::Awarded, T::Award, S::Awarded),
            (S::Awarded, T::Decline, S::Declined),
            (S::Awarded, T::Rescind, S::NotAwarded),
            (S::NotAwarded, T::Award, S::Awarded),
            (S::NotAwarded, T::Expire, S::Expired),
        ];
        crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
    }

    #[test]
    fn codes_are_read_back() {
        for state in QuoteState::ALL {
            assert_eq!(QuoteState::parse(state.code()), Ok(state));
        }
        assert_eq!(QuoteState::parse("won").unwrap_err().code, "state");
    }

    #[test]
    fn what_was_taken_back_or_declined_is_not_awarded() {
        let awarded = QuoteState::ALL.into_iter().filter(|state| state.can_be_awarded());
        let expected = [QuoteState::Submitted, QuoteState::Revised, QuoteState::Awarded, QuoteState::NotAwarded];
        assert_eq!(awarded.collect::<Vec<_>>(), expected);
    }
}
