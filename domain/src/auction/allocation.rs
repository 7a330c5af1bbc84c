//! Several equal units among the bids for them.

use super::award::Award;
use super::bid::Bid;
use super::format::Pricing;
use super::price::{Direction, Units};

/// Who gets how many of the units, the best bid first and of equal ones the earlier; the last accepted one may be filled in part. Each at
/// what it bid.
pub fn allocate(bids: &[Bid], units: Units, direction: Direction) -> Vec<Award> {
    let mut order: Vec<&Bid> = bids.iter().collect();
    order.sort_by_key(|bid| (direction.rank(bid.offer), bid.number));
    let mut left = units;
    let mut awards = Vec::new();
    for bid in order {
        let taken = bid.units.min(left);
        if taken == 0 {
            break;
        }
        left -= taken;
        awards.push(Award { bidder: bid.bidder, number: bid.number, units: taken, price: bid.offer });
    }
    awards
}

/// How many units are given out.
pub fn given(awards: &[Award]) -> Units {
    awards.iter().map(|award| award.units).sum()
}

/// What the winners pay: each what it bid, or all what the last accepted bid offers. `awards` have the best first.
pub fn priced(mut awards: Vec<Award>, pricing: Pricing) -> Vec<Award> {
    if pricing == Pricing::UniformPrice
        && let Some(last) = awards.last().map(|award| award.price)
    {
        awards.iter_mut().for_each(|award| award.price = last);
    }
    awards
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::bid::BidNumber;
    use super::super::price::Price;
    use super::*;
    use crate::kernel::OrganisationId;

    /// Bids of (price, units), each of another bidder, in the order of time.
    fn bids(bids: &[(Price, Units)]) -> Vec<Bid> {
        let bid = |(index, &(price, units)): (usize, &(Price, Units))| Bid {
            bidder: OrganisationId(Uuid::from_u128(index as u128 + 1)),
            number: BidNumber(index as u32 + 1),
            offer: price,
            maximum: price,
            units,
        };
        bids.iter().enumerate().map(bid).collect()
    }

    /// Of 100 units: (bidder, units, price).
    fn sold(given: &[(Price, Units)], direction: Direction, pricing: Pricing) -> Vec<(u128, Units, Price)> {
        let awards = priced(allocate(&bids(given), 100, direction), pricing);
        awards.iter().map(|award| (award.bidder.0.as_u128(), award.units, award.price)).collect()
    }

    #[test]
    fn in_a_uniform_price_sale_the_last_accepted_bid_sets_the_price_for_all_and_may_be_filled_in_part() {
        let given = [(70, 40), (80, 30), (60, 50), (50, 100)];
        assert_eq!(sold(&given, Direction::Up, Pricing::UniformPrice), [(2, 30, 60), (1, 40, 60), (3, 30, 60)]);
    }

    #[test]
    fn pay_as_bid_costs_each_what_it_bid() {
        let given = [(70, 40), (80, 30), (60, 50), (50, 100)];
        assert_eq!(sold(&given, Direction::Up, Pricing::PayAsBid), [(2, 30, 80), (1, 40, 70), (3, 30, 60)]);
    }

    #[test]
    fn ties_go_to_the_earlier() {
        let given = [(70, 60), (70, 60), (70, 60)];
        assert_eq!(sold(&given, Direction::Up, Pricing::UniformPrice), [(1, 60, 70), (2, 40, 70)]);
    }

    #[test]
    fn an_undersubscribed_sale_gives_to_all_at_the_lowest_bid() {
        assert_eq!(sold(&[(70, 10), (60, 20)], Direction::Up, Pricing::UniformPrice), [(1, 10, 60), (2, 20, 60)]);
        assert_eq!(given(&allocate(&bids(&[(70, 10), (60, 20)]), 100, Direction::Up)), 30);
        assert_eq!(sold(&[], Direction::Up, Pricing::UniformPrice), []);
    }

    #[test]
    fn the_lowest_suppliers_are_taken_first() {
        let given = [(70, 60), (60, 60), (80, 60)];
        assert_eq!(sold(&given, Direction::Down, Pricing::PayAsBid), [(2, 60, 60), (1, 40, 70)]);
    }
}
