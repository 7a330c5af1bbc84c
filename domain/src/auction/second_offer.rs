//! An unsold lot, offered to the second bidder by its seller.

use chrono::TimeDelta;

use super::state::{AuctionState, AuctionStep};
use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, Refusal, Timestamp};

/// The hours within which the second bidder has to answer if nothing else is said.
pub const HOURS_TO_ANSWER: i64 = 72;

/// What is done with an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OfferAnswer {
    /// By the second bidder, which becomes the winner at the price of the offer.
    Accept,
    /// By the second bidder.
    Decline,
    /// By the seller.
    Withdraw,
    /// Nobody answered in time.
    Expire,
}

/// An offer that waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecondOffer {
    pub state: AuctionState,
    pub expires_at: Timestamp,
}

impl SecondOffer {
    /// Where the lot stands after an answer. At its end and after it an offer can only expire, whether the end was noted or not
    /// ([`Kind::ProposalExpired`]); before, it does not.
    pub fn answer(&self, answer: OfferAnswer, at: Timestamp) -> Result<AuctionState, Refusal> {
        let step = match answer {
            OfferAnswer::Accept => AuctionStep::Accept,
            OfferAnswer::Decline | OfferAnswer::Withdraw | OfferAnswer::Expire => AuctionStep::Lapse,
        };
        let after = self.state.after(step)?;
        let is_over = at >= self.expires_at;
        match (answer, is_over) {
            (OfferAnswer::Expire, false) => Err(Refusal::new(Kind::WrongState, "The offer still stands.")),
            (OfferAnswer::Accept | OfferAnswer::Decline, true) => {
                let detail = format!("It ended at {}.", self.expires_at.format("%Y-%m-%dT%H:%M:%SZ"));
                Err(Refusal::new(Kind::ProposalExpired, detail))
            }
            _ => Ok(after),
        }
    }
}

/// When an offer ends: what was said, which must be in the future and at most a month ahead, or the usual time.
pub fn offer_end(said: Option<Timestamp>, at: Timestamp) -> Result<Timestamp, Invalid> {
    match said {
        Some(end) if end <= at => Err(Invalid::new("in_past", "The second bidder needs some time to answer.")),
        Some(end) if end > at + TimeDelta::days(31) => Err(Invalid::new("out_of_range", "It ends within 31 days.")),
        Some(end) => Ok(end),
        None => Ok(at + TimeDelta::hours(HOURS_TO_ANSWER)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::tests::at;
    use super::*;

    const ANSWERS: [OfferAnswer; 4] =
        [OfferAnswer::Accept, OfferAnswer::Decline, OfferAnswer::Withdraw, OfferAnswer::Expire];

    #[test]
    fn the_second_bidder_accepts_or_declines_in_time() {
        let offer = SecondOffer { state: AuctionState::Offered, expires_at: at(100) };
        let answers = ANSWERS.map(|answer| offer.answer(answer, at(99)).ok());
        let unsold = Some(AuctionState::Unsold);
        assert_eq!(answers, [Some(AuctionState::Sold), unsold, unsold, None]);
    }

    #[test]
    fn at_its_end_it_is_over() {
        let offer = SecondOffer { state: AuctionState::Offered, expires_at: at(100) };
        assert_eq!(offer.answer(OfferAnswer::Accept, at(100)).unwrap_err().kind, Kind::ProposalExpired);
        assert_eq!(offer.answer(OfferAnswer::Decline, at(100)).unwrap_err().kind, Kind::ProposalExpired);
        assert_eq!(offer.answer(OfferAnswer::Expire, at(100)).unwrap(), AuctionState::Unsold);
        assert_eq!(offer.answer(OfferAnswer::Withdraw, at(101)).unwrap(), AuctionState::Unsold);
    }

    #[test]
    fn what_was_not_offered_is_not_answered() {
        for state in AuctionState::ALL.into_iter().filter(|state| *state != AuctionState::Offered) {
            for answer in ANSWERS {
                let offer = SecondOffer { state, expires_at: at(100) };
                assert_eq!(offer.answer(answer, at(99)).unwrap_err().kind, Kind::WrongState, "{state:?} {answer:?}");
            }
        }
    }

    #[test]
    fn it_ends_in_the_future() {
        let month = TimeDelta::days(31);
        assert_eq!(offer_end(Some(at(0)), at(0)).unwrap_err().code, "in_past");
        assert_eq!(offer_end(Some(at(1) + month), at(0)).unwrap_err().code, "out_of_range");
        assert_eq!(offer_end(Some(at(0) + month), at(0)).unwrap(), at(0) + month);
        assert_eq!(offer_end(None, at(0)).unwrap(), at(72 * 3600));
    }
}
