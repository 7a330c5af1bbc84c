//! The life of an auction and of each of its lots, as documents.

use crate::kernel::Refusal;
use crate::kernel::refusal::Invalid;

/// Where an auction or a lot stands: *draft → scheduled → open → closed (sold | unsold) | cancelled*, and what may follow for a lot
/// that was not sold after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuctionState {
    /// Being put together by the seller.
    Draft,
    /// Published; bids come in from its opening on.
    Scheduled,
    Open,
    /// Closed, with a winner.
    Sold,
    /// Closed, without a winner, or with one in default.
    Unsold,
    /// Closed without a winner, and the second bidder is asked whether it takes the lot.
    Offered,
    /// Another auction stands in its place.
    Relisted,
    Cancelled,
}

/// What can happen to an auction or a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuctionStep {
    Edit,
    Publish,
    Open,
    /// It closes with a winner.
    Sell,
    /// It closes without one.
    Close,
    Cancel,
    /// The winner does not keep its word: its deposit is taken.
    Default,
    /// The seller offers it to the second bidder.
    Offer,
    /// The second bidder takes it.
    Accept,
    /// The second bidder does not, or not in time, or the seller takes the offer back.
    Lapse,
    Relist,
}

impl AuctionState {
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Scheduled,
        Self::Open,
        Self::Sold,
        Self::Unsold,
        Self::Offered,
        Self::Relisted,
        Self::Cancelled,
    ];

    /// The state after a step, or a refusal if the step is not possible now. What has opened is edited no more.
    pub fn after(self, step: AuctionStep) -> Result<Self, Refusal> {
        use AuctionState::{Cancelled, Draft, Offered, Open, Relisted, Scheduled, Sold, Unsold};
        match (self, step) {
            (Draft, AuctionStep::Edit) => Ok(Draft),
            (Draft, AuctionStep::Publish) | (Scheduled, AuctionStep::Edit) => Ok(Scheduled),
            (Scheduled, AuctionStep::Open) => Ok(Open),
            (Open, AuctionStep::Sell) | (Offered, AuctionStep::Accept) => Ok(Sold),
            (Open, AuctionStep::Close) | (Sold, AuctionStep::Default) | (Offered, AuctionStep::Lapse) => Ok(Unsold),
            (Draft | Scheduled | Open, AuctionStep::Cancel) => Ok(Cancelled),
            (Unsold, AuctionStep::Offer) => Ok(Offered),
            (Unsold | Cancelled, AuctionStep::Relist) => Ok(Relisted),
            _ => Err(Refusal::wrong_state("auction", self.code(), step.done())),
        }
    }

    /// Where an auction with lots in these states stands: open while one of them is, sold if one of them was.
    pub fn of_lots(lots: &[Self]) -> Self {
        let first = [Self::Open, Self::Scheduled, Self::Draft, Self::Sold, Self::Offered, Self::Unsold, Self::Relisted];
        first.into_iter().find(|state| lots.contains(state)).unwrap_or(Self::Cancelled)
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Open => "open",
            Self::Sold => "sold",
            Self::Unsold => "unsold",
            Self::Offered => "offered",
            Self::Relisted => "relisted",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|state| state.code() == code);
        found.ok_or_else(|| Invalid::new("state", format!("`{code}` is not a state of an auction.")))
    }
}

impl AuctionStep {
    pub const ALL: [Self; 11] = [
        Self::Edit,
        Self::Publish,
        Self::Open,
        Self::Sell,
        Self::Close,
        Self::Cancel,
        Self::Default,
        Self::Offer,
        Self::Accept,
        Self::Lapse,
        Self::Relist,
    ];

    fn done(self) -> &'static str {
        match self {
            Self::Edit => "changed",
            Self::Publish => "published",
            Self::Open => "opened",
            Self::Sell => "sold",
            Self::Close => "closed",
            Self::Cancel => "cancelled",
            Self::Default => "taken back from its winner",
            Self::Offer => "offered to the second bidder",
            Self::Accept => "accepted by the second bidder",
            Self::Lapse => "given up by the second bidder",
            Self::Relist => "relisted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_from_every_state() {
        use AuctionState as S;
        use AuctionStep as T;
        let legal = [
            (S::Draft, T::Edit, S::Draft),
            (S::Draft, T::Publish, S::Scheduled),
            (S::Draft, T::Cancel, S::Cancelled),
            (S::Scheduled, T::Edit, S::Scheduled),
            (S::Scheduled, T::Open, S::Open),
            (S::Scheduled, T::Cancel, S::Cancelled),
            (S::Open, T::Sell, S::Sold),
            (S::Open, T::Close, S::Unsold),
            (S::Open, T::Cancel, S::Cancelled),
            (S::Sold, T::Default, S::Unsold),
            (S::Unsold, T::Offer, S::Offered),
            (S::Unsold, T::Relist, S::Relisted),
            (S::Offered, T::Accept, S::Sold),
            (S::Offered, T::Lapse, S::Unsold),
            (S::Cancelled, T::Relist, S::Relisted),
        ];
        crate::kernel::transitions::check(&S::ALL, &T::ALL, &legal, S::after);
    }

    #[test]
    fn codes_are_read_back() {
        for state in AuctionState::ALL {
            assert_eq!(AuctionState::parse(state.code()), Ok(state));
        }
        assert_eq!(AuctionState::parse("closed").unwrap_err().code, "state");
    }

    #[test]
    fn an_auction_is_open_while_a_lot_is_and_sold_if_one_was() {
        use AuctionState::{Cancelled, Open, Scheduled, Sold, Unsold};
        let table = [
            (vec![Sold, Open, Scheduled], Open),
            (vec![Scheduled, Scheduled], Scheduled),
            (vec![Unsold, Sold, Cancelled], Sold),
            (vec![Unsold, Cancelled], Unsold),
            (vec![Cancelled], Cancelled),
        ];
        for (lots, expected) in table {
            assert_eq!(AuctionState::of_lots(&lots), expected, "{lots:?}");
        }
    }

    #[test]
    fn a_refused_step_is_told_in_plain_english() {
        let refusal = AuctionState::Open.after(AuctionStep::Edit).unwrap_err();
        assert_eq!(refusal.detail, "An auction that is open cannot be changed.");
    }
}
