//! Purchase orders: what may be ordered, how a draft becomes orders, and what the seller answers.

pub mod approval;
pub mod budget;
pub mod cancellation;
pub mod confirm;
pub mod credit;
pub mod line;
pub mod place;
pub mod proposal;
pub mod quick;
pub mod schedule;

pub use cancellation::{Leave, Standing, leave};
pub use confirm::{
    Change, Confirmation, Confirmed, ConfirmedLine, FreightTerms, LineConfirmation, OrderTerms, OrderedLine, Shortage,
    confirm, rest, step_of,
};
pub use line::{DraftLine, Offered, OrderFrame, PricedLine, check_line, check_lines};
pub use place::{SellerOrder, confirm_by, net, open_until, place, submit_step};
pub use proposal::{Proposal, ProposalState, ProposalStep};
pub use schedule::{Period, Schedule};

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Where a purchase order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderState {
    /// Being put together by the buyer; may hold lines of several sellers.
    Draft,
    /// Submitted; the company's approval policy asks for consent. Nothing is reserved, and the sellers know nothing of it.
    AwaitingApproval,
    /// A draft of several sellers that was submitted: one placed order per seller stands in its place.
    Split,
    /// With the seller; the stock is reserved.
    Placed,
    /// The seller would confirm it with changes; the buyer accepts or refuses them.
    ConfirmationProposed,
    /// The buyer would accept the changes; its approval policy asks for consent first, since they cost more than what was approved.
    ConfirmationInApproval,
    Confirmed,
    PartlyConfirmed,
    Declined,
    Cancelled,
    /// The seller did not answer in time.
    Expired,
}

/// What can happen to a purchase order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderStep {
    /// Into the approval.
    Submit,
    /// By the buyer, which takes it out of the approval.
    Edit,
    /// Out of the approval, by somebody who was asked.
    Reject,
    Place,
    Split,
    /// With changes that the buyer has to accept.
    ProposeConfirmation,
    /// The buyer would accept the changes, if those consent who are asked.
    SubmitAcceptance,
    /// The buyer refuses the changes, or those who are asked do, or the seller takes them back.
    DropConfirmation,
    Confirm,
    ConfirmPartly,
    Decline,
    Cancel,
    /// Both sides give up what was confirmed.
    CancelConfirmed,
    Expire,
}

impl OrderState {
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::AwaitingApproval,
        Self::Split,
        Self::Placed,
        Self::ConfirmationProposed,
        Self::ConfirmationInApproval,
        Self::Confirmed,
        Self::PartlyConfirmed,
        Self::Declined,
        Self::Cancelled,
        Self::Expired,
    ];

    /// The state after a step, or a refusal if the step is not possible now.
    pub fn after(self, step: OrderStep) -> Result<Self, Refusal> {
        use OrderState::{ConfirmationInApproval, ConfirmationProposed};
        match (self, step) {
            (Self::Draft, OrderStep::Submit) => Ok(Self::AwaitingApproval),
            (Self::Draft | Self::AwaitingApproval, OrderStep::Edit) => Ok(Self::Draft),
            (Self::AwaitingApproval, OrderStep::Reject) => Ok(Self::Draft),
            (Self::Draft | Self::AwaitingApproval, OrderStep::Place) => Ok(Self::Placed),
            (Self::Draft | Self::AwaitingApproval, OrderStep::Split) => Ok(Self::Split),
            (Self::Draft | Self::AwaitingApproval | Self::Placed, OrderStep::Cancel) => Ok(Self::Cancelled),
            (ConfirmationProposed | ConfirmationInApproval, OrderStep::Cancel) => Ok(Self::Cancelled),
            (Self::AwaitingApproval, OrderStep::Expire) => Ok(Self::Expired),
            (Self::Placed, OrderStep::ProposeConfirmation) => Ok(ConfirmationProposed),
            (ConfirmationProposed, OrderStep::SubmitAcceptance) => Ok(ConfirmationInApproval),
            (ConfirmationProposed | ConfirmationInApproval, OrderStep::DropConfirmation) => Ok(Self::Placed),
            (Self::Placed | ConfirmationProposed | ConfirmationInApproval, OrderStep::Confirm) => Ok(Self::Confirmed),
            (Self::Placed | ConfirmationProposed | ConfirmationInApproval, OrderStep::ConfirmPartly) => {
                Ok(Self::PartlyConfirmed)
            }
            (Self::Placed, OrderStep::Decline) => Ok(Self::Declined),
            (Self::Placed | ConfirmationProposed | ConfirmationInApproval, OrderStep::Expire) => Ok(Self::Expired),
            (Self::Confirmed | Self::PartlyConfirmed, OrderStep::CancelConfirmed) => Ok(Self::Cancelled),
            _ => Err(Refusal::wrong_state("order", self.code(), step.done())),
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::AwaitingApproval => "awaiting_approval",
            Self::Split => "split",
            Self::Placed => "placed",
            Self::ConfirmationProposed => "confirmation_proposed",
            Self::ConfirmationInApproval => "confirmation_in_approval",
            Self::Confirmed => "confirmed",
            Self::PartlyConfirmed => "partly_confirmed",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of an order.")))
    }
}

impl OrderStep {
    pub const ALL: [Self; 14] = [
        Self::Submit,
        Self::Edit,
        Self::Reject,
        Self::Place,
        Self::Split,
        Self::ProposeConfirmation,
        Self::SubmitAcceptance,
        Self::DropConfirmation,
        Self::Confirm,
        Self::ConfirmPartly,
        Self::Decline,
        Self::Cancel,
        Self::CancelConfirmed,
        Self::Expire,
    ];

    fn done(self) -> &'static str {
        match self {
            Self::Submit => "submitted",
            Self::Edit => "changed",
            Self::Reject => "rejected",
            Self::Place => "placed",
            Self::Split => "split",
            Self::ProposeConfirmation => "confirmed with changes",
            Self::SubmitAcceptance => "accepted",
            Self::DropConfirmation => "answered as one with proposed changes",
            Self::Confirm => "confirmed",
            Self::ConfirmPartly => "partly confirmed",
            Self::Decline => "declined",
            Self::Cancel | Self::CancelConfirmed => "cancelled",
            Self::Expire => "expired",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state() {
        use OrderState as S;
        use OrderStep as T;
        let legal = [
            (S::Draft, T::Submit, S::AwaitingApproval),
            (S::Draft, T::Edit, S::Draft),
            (S::AwaitingApproval, T::Edit, S::Draft),
            (S::AwaitingApproval, T::Reject, S::Draft),
            (S::AwaitingApproval, T::Place, S::Placed),
            (S::AwaitingApproval, T::Split, S::Split),
            (S::AwaitingApproval, T::Cancel, S::Cancelled),
            (S::AwaitingApproval, T::Expire, S::Expired),
            (S::Draft, T::Place, S::Placed),
            (S::Draft, T::Split, S::Split),
            (S::Draft, T::Cancel, S::Cancelled),
            (S::Placed, T::ProposeConfirmation, S::ConfirmationProposed),
            (S::Placed, T::Confirm, S::Confirmed),
            (S::Placed, T::ConfirmPartly, S::PartlyConfirmed),
            (S::Placed, T::Decline, S::Declined),
            (S::Placed, T::Cancel, S::Cancelled),
            (S::Placed, T::Expire, S::Expired),
            (S::ConfirmationProposed, T::DropConfirmation, S::Placed),
            (S::ConfirmationProposed, T::Confirm, S::Confirmed),
            (S::ConfirmationProposed, T::ConfirmPartly, S::PartlyConfirmed),
            (S::ConfirmationProposed, T::Cancel, S::Cancelled),
            (S::ConfirmationProposed, T::Expire, S::Expired),
            (S::ConfirmationProposed, T::SubmitAcceptance, S::ConfirmationInApproval),
            (S::ConfirmationInApproval, T::DropConfirmation, S::Placed),
            (S::ConfirmationInApproval, T::Confirm, S::Confirmed),
            (S::ConfirmationInApproval, T::ConfirmPartly, S::PartlyConfirmed),
            (S::ConfirmationInApproval, T::Cancel, S::Cancelled),
            (S::ConfirmationInApproval, T::Expire, S::Expired),
            (S::Confirmed, T::CancelConfirmed, S::Cancelled),
            (S::PartlyConfirmed, T::CancelConfirmed, S::Cancelled),
        ];
        crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
    }

    #[test]
    fn codes_are_read_back() {
        for state in OrderState::ALL {
            assert_eq!(OrderState::parse(state.code()).unwrap(), state);
        }
        assert!(OrderState::parse("Placed").is_err());
    }

    #[test]
    fn a_refused_step_is_told_in_plain_english() {
        let refusal = OrderState::Expired.after(OrderStep::Confirm).unwrap_err();
        assert_eq!(refusal.detail, "An order that is expired cannot be confirmed.");
    }
}
