//! Open bids that answer each other, with proxy bids: who leads, and at what price.

use super::bid::{Bid, BidNumber};
use super::increments::Increments;
use super::price::{Direction, Price};
use crate::kernel::OrganisationId;

/// The steps in which bids on a lot follow each other.
#[derive(Debug, Clone, Copy)]
pub struct Ladder<'a> {
    pub direction: Direction,
    pub start: Price,
    pub reserve: Option<Price>,
    pub increments: &'a Increments,
}

/// Who leads a lot of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    pub leader: OrganisationId,
    /// When the leader named its maximum: of equal maxima the earlier one wins.
    pub number: BidNumber,
    pub maximum: Price,
    /// What the leader would pay.
    pub price: Price,
}

impl Ladder<'_> {
    /// The price one step better than that.
    pub fn next(&self, price: Price) -> Price {
        self.direction.advance(price, self.increments.step(price, self.start))
    }

    /// The least that somebody who does not lead may offer: the start price, or one step over the price that stands.
    pub fn minimum(&self, standing: Option<&Standing>) -> Price {
        standing.map_or(self.start, |standing| self.next(standing.price))
    }

    /// The best that somebody who does not lead may offer, where steps have an upper bound.
    pub fn most(&self, standing: Option<&Standing>) -> Option<Price> {
        let base = standing.map_or(self.start, |standing| standing.price);
        self.increments.most(self.start).map(|most| self.direction.advance(base, most))
    }

    /// Whether the price that stands has reached the reserve; without a reserve every bid has.
    pub fn reserve_met(&self, standing: Option<&Standing>) -> bool {
        standing
            .is_some_and(|standing| self.reserve.is_none_or(|reserve| self.direction.reaches(standing.price, reserve)))
    }

    /// What stands after a bid that was taken.
    ///
    /// - The better maximum leads, at one step over the other, but never beyond itself (so that a leader may be outbid by less than a
    ///   step) and never below what it offered openly. Of equal maxima the earlier one wins.
    /// - A leader that bids again only moves its maximum: nobody outbids itself.
    /// - A maximum that reaches the reserve moves the price to the reserve at once.
    pub fn after(&self, standing: Option<Standing>, bid: &Bid) -> Standing {
        let Bid { bidder, number, offer, maximum, .. } = *bid;
        let challenger = |price: Price| Standing { leader: bidder, number, maximum, price };
        let found = match standing {
            None => challenger(offer),
            Some(old) if old.leader == bidder => challenger(old.price),
            Some(old) if self.direction.beats(maximum, old.maximum) => {
                challenger(self.direction.better(offer, self.direction.worse(maximum, self.next(old.maximum))))
            }
            Some(old) => {
                let pushed = self.direction.worse(old.maximum, self.next(maximum));
                Standing { price: self.direction.better(old.price, pushed), ..old }
            }
        };
        self.lifted(found)
    }

    /// What stands by the last bids of all bidders, one each, if nothing stood before: after the bids of one of them were struck out.
    pub fn anew(&self, bids: &[Bid]) -> Option<Standing> {
        let order = |bid: &&Bid| (self.direction.rank(bid.maximum), bid.number);
        let best = bids.iter().min_by_key(order)?;
        let second = bids.iter().filter(|bid| bid.bidder != best.bidder).min_by_key(order);
        let pushed = second.map(|second| self.direction.worse(best.maximum, self.next(second.maximum)));
        let price = pushed.map_or(best.offer, |pushed| self.direction.better(best.offer, pushed));
        let Bid { bidder, number, maximum, .. } = *best;
        Some(self.lifted(Standing { leader: bidder, number, maximum, price }))
    }

    fn lifted(&self, standing: Standing) -> Standing {
        match self.reserve {
            Some(reserve) if self.direction.reaches(standing.maximum, reserve) => {
                Standing { price: self.direction.better(standing.price, reserve), ..standing }
            }
            _ => standing,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::increments::Range;
    use super::*;

    const ANNA: u128 = 1;
    const BELA: u128 = 2;
    const CARL: u128 = 3;

    /// Who leads and at what price after bids of (bidder, offer, maximum), in steps of 10 from 100 on, of 50 from 1000 on.
    fn standing(direction: Direction, reserve: Option<Price>, bids: &[(u128, Price, Price)]) -> (u128, Price) {
        let increments = Increments::Table(vec![Range { from: 0, step: 10 }, Range { from: 1_000, step: 50 }]);
        let ladder = Ladder { direction, start: 100, reserve, increments: &increments };
        let mut standing = None;
        for (index, &(bidder, offer, maximum)) in bids.iter().enumerate() {
            let bidder = OrganisationId(Uuid::from_u128(bidder));
            let number = BidNumber(index as u32 + 1);
            standing = Some(ladder.after(standing, &Bid { bidder, number, offer, maximum, units: 1 }));
        }
        let standing = standing.unwrap();
        (standing.leader.0.as_u128(), standing.price)
    }

    fn up(bids: &[(u128, Price, Price)]) -> (u128, Price) {
        standing(Direction::Up, None, bids)
    }

    #[test]
    fn the_first_bid_stands_at_what_it_offers() {
        assert_eq!(up(&[(ANNA, 100, 500)]), (ANNA, 100));
        assert_eq!(up(&[(ANNA, 130, 500)]), (ANNA, 130));
    }

    #[test]
    fn the_highest_maximum_wins_at_one_increment_over_the_second() {
        assert_eq!(up(&[(ANNA, 100, 500), (BELA, 110, 300)]), (ANNA, 310));
        assert_eq!(up(&[(ANNA, 100, 300), (BELA, 110, 500)]), (BELA, 310));
        assert_eq!(up(&[(ANNA, 100, 300), (BELA, 110, 500), (CARL, 320, 400)]), (BELA, 410));
    }

    #[test]
    fn the_increment_is_that_of_the_second_maximum() {
        assert_eq!(up(&[(ANNA, 100, 5_000), (BELA, 110, 999)]), (ANNA, 1_009));
        assert_eq!(up(&[(ANNA, 100, 5_000), (BELA, 110, 1_000)]), (ANNA, 1_050));
    }

    #[test]
    fn nobody_pays_more_than_its_maximum_and_may_be_outbid_by_less_than_a_step() {
        assert_eq!(up(&[(ANNA, 100, 300), (BELA, 110, 295)]), (ANNA, 300));
        assert_eq!(up(&[(ANNA, 100, 300), (BELA, 110, 303)]), (BELA, 303));
    }

    #[test]
    fn of_equal_maxima_the_earlier_one_wins() {
        assert_eq!(up(&[(ANNA, 100, 300), (BELA, 110, 300)]), (ANNA, 300));
        // Bela named 300 first; Anna raised hers to it later.
        assert_eq!(up(&[(BELA, 100, 300), (ANNA, 110, 200), (ANNA, 220, 300)]), (BELA, 300));
    }

    #[test]
    fn raising_ones_own_maximum_does_not_raise_the_price() {
        assert_eq!(up(&[(ANNA, 100, 200), (BELA, 110, 150), (ANNA, 160, 900)]), (ANNA, 160));
        // The raised maximum counts against the next one.
        assert_eq!(up(&[(ANNA, 100, 200), (ANNA, 100, 900), (BELA, 110, 500)]), (ANNA, 510));
    }

    #[test]
    fn an_open_offer_above_the_increment_is_what_stands() {
        assert_eq!(up(&[(ANNA, 100, 100), (BELA, 400, 500)]), (BELA, 400));
        assert_eq!(up(&[(ANNA, 100, 100), (BELA, 400, 500), (CARL, 410, 450)]), (BELA, 460));
    }

    #[test]
    fn a_maximum_that_reaches_the_reserve_moves_the_price_to_it_at_once() {
        let reserved = |bids: &[(u128, Price, Price)]| standing(Direction::Up, Some(250), bids);
        assert_eq!(reserved(&[(ANNA, 100, 249)]), (ANNA, 100));
        assert_eq!(reserved(&[(ANNA, 100, 250)]), (ANNA, 250));
        assert_eq!(reserved(&[(ANNA, 100, 200), (BELA, 110, 400)]), (BELA, 250));
        assert_eq!(reserved(&[(ANNA, 100, 200), (ANNA, 100, 300)]), (ANNA, 250));
        assert_eq!(reserved(&[(ANNA, 100, 300), (BELA, 260, 290)]), (ANNA, 300));
    }

    #[test]
    fn suppliers_undercut_each_other_by_the_mirrored_rules() {
        let down = |reserve, bids: &[(u128, Price, Price)]| standing(Direction::Down, reserve, bids);
        assert_eq!(down(None, &[(ANNA, 100, 50), (BELA, 90, 70)]), (ANNA, 60));
        assert_eq!(down(None, &[(ANNA, 100, 70), (BELA, 90, 50)]), (BELA, 60));
        assert_eq!(down(None, &[(ANNA, 100, 70), (BELA, 90, 65)]), (BELA, 65));
        assert_eq!(down(None, &[(ANNA, 100, 70), (BELA, 90, 70)]), (ANNA, 70));
        assert_eq!(down(Some(80), &[(ANNA, 100, 81)]), (ANNA, 100));
        assert_eq!(down(Some(80), &[(ANNA, 100, 80)]), (ANNA, 80));
        // Steps do not lead below nothing.
        assert_eq!(down(None, &[(ANNA, 100, 1), (BELA, 90, 5)]), (ANNA, 1));
    }

    #[test]
    fn without_a_bidder_the_standing_is_found_anew_from_the_others() {
        let increments = Increments::Table(vec![Range { from: 0, step: 10 }]);
        let ladder = Ladder { direction: Direction::Up, start: 100, reserve: None, increments: &increments };
        let bid = |bidder, number, offer, maximum| Bid {
            bidder: OrganisationId(Uuid::from_u128(bidder)),
            number: BidNumber(number),
            offer,
            maximum,
            units: 1,
        };
        let found = |bids: &[Bid]| ladder.anew(bids).map(|found| (found.leader.0.as_u128(), found.price));
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[bid(ANNA, 1, 120, 300)]), Some((ANNA, 120)));
        assert_eq!(found(&[bid(ANNA, 2, 120, 300), bid(BELA, 1, 100, 300)]), Some((BELA, 300)));
        assert_eq!(found(&[bid(ANNA, 1, 120, 300), bid(BELA, 2, 310, 350), bid(CARL, 3, 320, 330)]), Some((BELA, 340)));
    }

    #[test]
    fn steps_may_be_bounded_above() {
        let increments = Increments::Share { least: 50, most: Some(500) };
        let ladder = Ladder { direction: Direction::Down, start: 100_000, reserve: None, increments: &increments };
        assert_eq!((ladder.minimum(None), ladder.most(None)), (100_000, Some(95_000)));
        let leader = OrganisationId(Uuid::from_u128(1));
        let standing = Standing { leader, number: BidNumber(1), maximum: 98_000, price: 98_000 };
        assert_eq!((ladder.minimum(Some(&standing)), ladder.most(Some(&standing))), (97_500, Some(93_000)));
    }
}
