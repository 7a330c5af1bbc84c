//! Why the machine refuses a command. It then changed nothing.

use serde::{Deserialize, Serialize};

use crate::kernel::{Kind, Refusal};

/// Each case by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    #[error("There is no such auction.")]
    UnknownAuction,
    #[error("There is no such lot.")]
    UnknownLot,
    #[error("There is no such bid.")]
    UnknownBid,
    #[error("The seller and the companies of its group do not bid in its auction.")]
    OwnAuction,
    #[error("The organisation is not admitted to the auction.")]
    NotQualified,
    #[error("The organisation is suspended from bidding.")]
    CompanySuspended,
    #[error("The organisation was withdrawn from the auction.")]
    Withdrawn,
    #[error("The deposit of the auction is not covered.")]
    DepositNotCovered,
    #[error("The auction is in another currency.")]
    OtherCurrency,
    #[error("The format of the auction does not take that.")]
    WrongFormat,
    #[error("The lot is not open for that yet, or not any more.")]
    NotOpen,
    #[error("The lot has ended.")]
    TooLate,
    #[error("The price is beyond the range of prices.")]
    PriceOutOfRange,
    #[error("The number of units is nothing, or more than the lot has.")]
    UnitsOutOfRange,
    #[error("A price is needed.")]
    PriceMissing,
    #[error("The price does not reach what a bid has to be now.")]
    TooLow,
    #[error("The price is further from the one that stands than the largest step allows.")]
    StepTooLarge,
    #[error("The maximum does not reach the price.")]
    MaximumBelowPrice,
    #[error("The auction takes no maxima.")]
    NoProxy,
    #[error("You lead, and your maximum is not better than before.")]
    NotRaised,
    #[error("You lead already.")]
    AlreadyLeads,
    #[error("The lot has no price at which it can be bought at once.")]
    NoBuyNow,
    #[error("A bid has reached the reserve: the lot cannot be bought at once any more.")]
    BuyNowGone,
    #[error("That is not the current price.")]
    NotCurrentPrice,
    #[error("Fewer units are left.")]
    UnitsGone,
    #[error("Whoever accepted the falling price tops the best sealed bid, and seals none.")]
    AcceptedAlready,
    #[error("Only who accepted the falling price may top the best sealed bid.")]
    NotToTop,
    #[error("The sealed text is empty or too long.")]
    CiphertextLength,
    #[error("The sealed bids of the lot are not to be opened now.")]
    NotToOpen,
    #[error("It exists already.")]
    AlreadyExists,
    #[error("The auction has opened: it cannot be changed.")]
    HasOpened,
    #[error("Some lots of the auction have not closed.")]
    StillRunning,
    #[error("The rules of the auction contradict each other or are out of range.")]
    InvalidRules,
    #[error("There is no room for more.")]
    Full,
}

impl Rejection {
    pub const ALL: [Self; 34] = [
        Self::UnknownAuction,
        Self::UnknownLot,
        Self::UnknownBid,
        Self::OwnAuction,
        Self::NotQualified,
        Self::CompanySuspended,
        Self::Withdrawn,
        Self::DepositNotCovered,
        Self::OtherCurrency,
        Self::WrongFormat,
        Self::NotOpen,
        Self::TooLate,
        Self::PriceOutOfRange,
        Self::UnitsOutOfRange,
        Self::PriceMissing,
        Self::TooLow,
        Self::StepTooLarge,
        Self::MaximumBelowPrice,
        Self::NoProxy,
        Self::NotRaised,
        Self::AlreadyLeads,
        Self::NoBuyNow,
        Self::BuyNowGone,
        Self::NotCurrentPrice,
        Self::UnitsGone,
        Self::AcceptedAlready,
        Self::NotToTop,
        Self::CiphertextLength,
        Self::NotToOpen,
        Self::AlreadyExists,
        Self::HasOpened,
        Self::StillRunning,
        Self::InvalidRules,
        Self::Full,
    ];

    /// A stable word for machines; the one of the fault where the refusal has one.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownAuction => "unknown_auction",
            Self::UnknownLot => "unknown_lot",
            Self::UnknownBid => "unknown_bid",
            Self::OwnAuction => "own_auction",
            Self::NotQualified => "not_qualified",
            Self::CompanySuspended => "company_suspended",
            Self::Withdrawn => "withdrawn",
            Self::DepositNotCovered => "deposit_not_covered",
            Self::OtherCurrency => "other_currency",
            Self::WrongFormat => "wrong_format",
            Self::NotOpen => "not_open",
            Self::TooLate => "too_late",
            Self::PriceOutOfRange => "price_out_of_range",
            Self::UnitsOutOfRange => "units_out_of_range",
            Self::PriceMissing => "price_missing",
            Self::TooLow => "too_low",
            Self::StepTooLarge => "step_too_large",
            Self::MaximumBelowPrice => "maximum_below_price",
            Self::NoProxy => "no_proxy",
            Self::NotRaised => "not_raised",
            Self::AlreadyLeads => "already_leads",
            Self::NoBuyNow => "no_buy_now",
            Self::BuyNowGone => "buy_now_gone",
            Self::NotCurrentPrice => "not_current_price",
            Self::UnitsGone => "units_gone",
            Self::AcceptedAlready => "accepted_already",
            Self::NotToTop => "not_to_top",
            Self::CiphertextLength => "ciphertext_length",
            Self::NotToOpen => "not_to_open",
            Self::AlreadyExists => "already_exists",
            Self::HasOpened => "has_opened",
            Self::StillRunning => "still_running",
            Self::InvalidRules => "invalid_rules",
            Self::Full => "full",
        }
    }

    /// Which documented problem it is.
    pub fn kind(self) -> Kind {
        match self {
            Self::UnknownAuction | Self::UnknownLot | Self::UnknownBid => Kind::NotFound,
            Self::OwnAuction => Kind::OwnAuction,
            Self::NotQualified => Kind::NotQualified,
            Self::CompanySuspended => Kind::Suspended,
            Self::Withdrawn => Kind::BidderWithdrawn,
            Self::DepositNotCovered => Kind::DepositNotCovered,
            Self::OtherCurrency => Kind::CurrencyMismatch,
            Self::WrongFormat | Self::AcceptedAlready | Self::NotToTop => Kind::WrongFormat,
            Self::NotOpen => Kind::LotNotOpen,
            Self::TooLate => Kind::BidTooLate,
            Self::TooLow | Self::NotRaised => Kind::BidTooLow,
            Self::StepTooLarge => Kind::StepTooLarge,
            Self::AlreadyLeads => Kind::AlreadyLeads,
            Self::NoBuyNow | Self::BuyNowGone => Kind::BuyNowGone,
            Self::NotCurrentPrice => Kind::NotCurrentPrice,
            Self::UnitsGone => Kind::OutOfStock,
            Self::NotToOpen | Self::HasOpened | Self::StillRunning => Kind::WrongState,
            Self::AlreadyExists => Kind::AlreadyExists,
            Self::Full => Kind::Unavailable,
            Self::PriceOutOfRange
            | Self::UnitsOutOfRange
            | Self::PriceMissing
            | Self::MaximumBelowPrice
            | Self::NoProxy
            | Self::CiphertextLength
            | Self::InvalidRules => Kind::InvalidInput,
        }
    }

    /// The member of the body that it is about; empty for the whole.
    fn pointer(self) -> &'static str {
        match self {
            Self::PriceOutOfRange
            | Self::PriceMissing
            | Self::TooLow
            | Self::StepTooLarge
            | Self::NotCurrentPrice
            | Self::OtherCurrency => "/price",
            Self::MaximumBelowPrice | Self::NoProxy | Self::NotRaised => "/maximum",
            Self::UnitsOutOfRange | Self::UnitsGone => "/units",
            Self::CiphertextLength => "/sealed",
            _ => "",
        }
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        let (kind, detail) = (rejection.kind(), rejection.to_string());
        match (kind, rejection.pointer()) {
            (Kind::InvalidInput, pointer) => Self::fault(pointer, rejection.code(), detail),
            (_, "") => Self::new(kind, detail),
            (_, pointer) => Self { kind, detail: detail.clone(), ..Self::fault(pointer, rejection.code(), detail) },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_rejection_has_a_word_of_its_own() {
        let codes: HashSet<&str> = Rejection::ALL.map(Rejection::code).into();
        assert_eq!(codes.len(), Rejection::ALL.len());
    }

    /// What a bidder gets wrong, each its own problem.
    #[test]
    fn each_bad_bid_is_a_problem_of_its_own() {
        let bids = [
            Rejection::TooLow,
            Rejection::TooLate,
            Rejection::OwnAuction,
            Rejection::NotQualified,
            Rejection::DepositNotCovered,
            Rejection::OtherCurrency,
            Rejection::NotCurrentPrice,
            Rejection::Withdrawn,
            Rejection::CompanySuspended,
            Rejection::WrongFormat,
            Rejection::NotOpen,
            Rejection::StepTooLarge,
            Rejection::AlreadyLeads,
            Rejection::BuyNowGone,
        ];
        let kinds: HashSet<Kind> = bids.map(Rejection::kind).into();
        assert_eq!(kinds.len(), bids.len());
    }

    #[test]
    fn a_refusal_names_the_member_that_it_is_about() {
        let refusal = Refusal::from(Rejection::TooLow);
        assert_eq!((refusal.kind, refusal.faults[0].pointer.as_str()), (Kind::BidTooLow, "/price"));
        let refusal = Refusal::from(Rejection::OwnAuction);
        assert_eq!((refusal.kind, refusal.faults.len()), (Kind::OwnAuction, 0));
        assert_eq!(Refusal::from(Rejection::NoProxy).kind, Kind::InvalidInput);
    }
}
