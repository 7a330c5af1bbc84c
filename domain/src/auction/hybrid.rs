//! Three parts: a falling price is accepted, sealed bids above it follow, and who accepted it may top the best of them once.

use super::award::Award;
use super::bid::Bid;
use super::price::Price;
use super::sealed;

/// What the first two parts have brought.
#[derive(Debug, Clone, Copy)]
pub struct Hybrid<'a> {
    /// The price that was accepted in the first part.
    pub accepted: Price,
    /// Who accepted it; nobody any more if that bidder was struck out.
    pub taker: Option<&'a Bid>,
    /// The opened bids that are above the accepted price.
    pub sealed: &'a [Bid],
}

impl Hybrid<'_> {
    /// The best sealed bid: of equal ones the earlier.
    pub fn best(&self) -> Option<&Bid> {
        sealed::best(self.sealed.iter(), self.accepted.saturating_add(1))
    }

    /// Whether there is a third part: somebody who may top something.
    pub fn is_topped(&self) -> bool {
        self.taker.is_some() && self.best().is_some()
    }

    /// Who wins if nothing is topped: the best sealed bid at what it offers, without one who accepted the price, at that price.
    pub fn decide(&self) -> Option<Award> {
        let winner = self.best().or(self.taker)?;
        Some(Award { bidder: winner.bidder, number: winner.number, units: 1, price: winner.offer })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::bid::BidNumber;
    use super::*;
    use crate::kernel::OrganisationId;

    fn bid(bidder: u128, number: u32, price: Price) -> Bid {
        let bidder = OrganisationId(Uuid::from_u128(bidder));
        Bid { bidder, number: BidNumber(number), offer: price, maximum: price, units: 1 }
    }

    fn won(hybrid: &Hybrid<'_>) -> Option<(u128, Price)> {
        hybrid.decide().map(|award| (award.bidder.0.as_u128(), award.price))
    }

    #[test]
    fn without_sealed_bids_who_accepted_the_price_wins_at_it() {
        let taker = bid(1, 1, 80);
        let alone = Hybrid { accepted: 80, taker: Some(&taker), sealed: &[] };
        assert_eq!((won(&alone), alone.is_topped()), (Some((1, 80)), false));
    }

    #[test]
    fn the_best_sealed_bid_wins_unless_it_is_topped() {
        let taker = bid(1, 1, 80);
        let sealed = [bid(2, 2, 85), bid(3, 4, 95), bid(4, 3, 95)];
        let hybrid = Hybrid { accepted: 80, taker: Some(&taker), sealed: &sealed };
        assert_eq!((won(&hybrid), hybrid.is_topped()), (Some((4, 95)), true));
    }

    #[test]
    fn a_sealed_bid_at_the_accepted_price_is_not_above_it() {
        let taker = bid(1, 1, 80);
        let sealed = [bid(2, 2, 80)];
        let hybrid = Hybrid { accepted: 80, taker: Some(&taker), sealed: &sealed };
        assert_eq!((won(&hybrid), hybrid.is_topped()), (Some((1, 80)), false));
    }

    #[test]
    fn whoever_is_left_wins_when_the_taker_was_struck_out() {
        let sealed = [bid(2, 2, 85)];
        let hybrid = Hybrid { accepted: 80, taker: None, sealed: &sealed };
        assert_eq!((won(&hybrid), hybrid.is_topped()), (Some((2, 85)), false));
        assert_eq!(won(&Hybrid { sealed: &[], ..hybrid }), None);
    }
}
