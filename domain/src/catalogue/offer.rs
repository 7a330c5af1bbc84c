//! The life of an offer: *draft → published ⇄ withdrawn*.

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Where an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    /// Only its seller sees it.
    Draft,
    /// Buyers see it and order from it.
    Published,
    /// Not to be had any more, perhaps again later.
    Withdrawn,
}

/// What can be done with an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferStep {
    Publish,
    Withdraw,
}

impl OfferState {
    pub const ALL: [Self; 3] = [Self::Draft, Self::Published, Self::Withdrawn];

    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.into_iter().find(|state| state.code() == code);
        known.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of an offer.")))
    }

    /// The state after a step.
    pub fn after(self, step: OfferStep) -> Result<Self, Refusal> {
        match (self, step) {
            (Self::Draft | Self::Withdrawn, OfferStep::Publish) => Ok(Self::Published),
            (Self::Published, OfferStep::Withdraw) => Ok(Self::Withdrawn),
            (_, OfferStep::Publish) => Err(Refusal::wrong_state("offer", self.code(), "published")),
            (_, OfferStep::Withdraw) => Err(Refusal::wrong_state("offer", self.code(), "withdrawn")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state() {
        use OfferState::{Draft, Published, Withdrawn};
        for (state, published, withdrawn) in
            [(Draft, Some(Published), None), (Published, None, Some(Withdrawn)), (Withdrawn, Some(Published), None)]
        {
            assert_eq!(state.after(OfferStep::Publish).ok(), published);
            assert_eq!(state.after(OfferStep::Withdraw).ok(), withdrawn);
            assert_eq!(OfferState::parse(state.code()), Ok(state));
        }
    }
}
