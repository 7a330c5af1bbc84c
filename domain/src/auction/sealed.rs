//! Sealed bids, once they are opened: who wins one unit, and what it pays.

use super::award::Award;
use super::bid::Bid;
use super::price::Price;

/// The highest bid of at least `least` (the reserve, or the start price), and of equal ones the earlier, pays what it bid.
pub fn first_price(bids: &[Bid], least: Price) -> Option<Award> {
    let best = best(bids.iter(), least)?;
    Some(Award { bidder: best.bidder, number: best.number, units: 1, price: best.offer })
}

/// The highest bid of at least `least`, and of equal ones the earlier, pays what the second one bid, and at least `least`: one bid alone
/// above the reserve costs the reserve.
pub fn second_price(bids: &[Bid], least: Price) -> Option<Award> {
    let best = best(bids.iter(), least)?;
    let others = bids.iter().filter(|bid| bid.bidder != best.bidder);
    let second = others.map(|bid| bid.offer).max().unwrap_or(least);
    Some(Award { bidder: best.bidder, number: best.number, units: 1, price: second.max(least) })
}

/// The highest of those that reach `least`, and of equal ones the earliest.
pub fn best<'a>(bids: impl Iterator<Item = &'a Bid>, least: Price) -> Option<&'a Bid> {
    bids.filter(|bid| bid.offer >= least).min_by_key(|bid| (-bid.offer, bid.number))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::bid::BidNumber;
    use super::*;
    use crate::kernel::OrganisationId;

    /// Bids of these prices, each of another bidder, with these numbers.
    fn bids(bids: &[(Price, u32)]) -> Vec<Bid> {
        let bid = |(index, &(price, number)): (usize, &(Price, u32))| Bid {
            bidder: OrganisationId(Uuid::from_u128(index as u128 + 1)),
            number: BidNumber(number),
            offer: price,
            maximum: price,
            units: 1,
        };
        bids.iter().enumerate().map(bid).collect()
    }

    fn won(award: Option<Award>) -> Option<(u128, Price)> {
        award.map(|award| (award.bidder.0.as_u128(), award.price))
    }

    #[test]
    fn the_highest_pays_what_it_bid() {
        assert_eq!(won(first_price(&bids(&[(300, 1), (500, 2), (400, 3)]), 100)), Some((2, 500)));
    }

    #[test]
    fn the_highest_pays_what_the_second_bid() {
        assert_eq!(won(second_price(&bids(&[(300, 1), (500, 2), (400, 3)]), 100)), Some((2, 400)));
    }

    #[test]
    fn one_bid_above_the_reserve_costs_the_reserve() {
        assert_eq!(won(second_price(&bids(&[(500, 1)]), 350)), Some((1, 350)));
        assert_eq!(won(second_price(&bids(&[(500, 1), (300, 2)]), 350)), Some((1, 350)));
        assert_eq!(won(second_price(&bids(&[(350, 1)]), 350)), Some((1, 350)));
    }

    #[test]
    fn equal_bids_go_to_the_earlier() {
        assert_eq!(won(first_price(&bids(&[(500, 2), (500, 1)]), 100)), Some((2, 500)));
        assert_eq!(won(second_price(&bids(&[(500, 2), (500, 1)]), 100)), Some((2, 500)));
    }

    #[test]
    fn below_the_reserve_nobody_wins() {
        assert_eq!(won(first_price(&bids(&[(349, 1)]), 350)), None);
        assert_eq!(won(second_price(&bids(&[(349, 1), (348, 2)]), 350)), None);
        assert_eq!(won(first_price(&[], 350)), None);
    }
}
