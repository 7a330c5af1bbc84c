//! Clearing: what companies have traded with each other becomes contracts between them.
//!
//! # The rule
//!
//! Trades are netted for each pair of companies and instrument. Where each of the two has bought from the other, lots offset lots, the
//! oldest of one direction the oldest of the other. What is left in the direction of the larger quantity is one contract, with a line for
//! each price: prices are never averaged. What was offset at different prices leaves a difference in money. If it is owed by the buyer
//! of what is left it is charged by that contract, as an amount beside its goods. If it is owed by the seller, or if nothing is left
//! that a contract could be about, the two directions are not offset, and each is a contract of its own. Where nothing is left and
//! nothing is owed there is no contract.
//!
//! What a contract cannot hold, since its quantity or its amount would be out of range, is not netted: each trade is a contract.
//!
//! So the lots and the money that either owes the other are exactly those of the trades.

use std::collections::{BTreeMap, VecDeque};

use rust_decimal::Decimal;

use super::instrument::Rules;
use super::order::TradeNumber;
use super::quantity::{Lots, Price};
use super::settlement::Unsettled;
use crate::kernel::quantity::check_quantity;
use crate::kernel::{InstrumentId, Money, OrganisationId, UnitPrice};

/// Trades that are settled together, and what becomes of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleared {
    pub instrument: InstrumentId,
    /// The two that have traded, the one with the smaller identifier first.
    pub parties: (OrganisationId, OrganisationId),
    /// The oldest first; never none.
    pub trades: Vec<TradeNumber>,
    /// None where they have offset each other and nothing is left.
    pub deal: Option<Deal>,
}

/// What the contract is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    pub buyer: OrganisationId,
    pub seller: OrganisationId,
    /// By price, the lowest first; never none.
    pub lines: Vec<(Price, Lots)>,
    /// What the buyer owes beside the goods, for trades that were offset: ticks times lots, never negative.
    pub difference: i128,
}

/// A deal in money and in the instrument's unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedDeal {
    pub lines: Vec<PricedLine>,
    /// None where nothing is owed, or less than the currency can say.
    pub difference: Option<Money>,
}

/// So much at a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedLine {
    pub quantity: Decimal,
    pub unit_price: UnitPrice,
    /// Rounded once, half to even.
    pub amount: Money,
}

impl Deal {
    fn of(trades: &[&Unsettled]) -> Option<Self> {
        let first = trades.first()?;
        let left = trades.iter().map(|trade| (trade.price, trade.lots));
        Some(Self { buyer: first.buyer, seller: first.seller, lines: by_price(left), difference: 0 })
    }

    /// The deal in money; none where a quantity, an amount or their sum is out of range. The difference is rounded half to even.
    pub fn priced(&self, rules: &Rules) -> Option<PricedDeal> {
        let lines: Vec<PricedLine> = self.lines.iter().map(|line| priced(*line, rules)).collect::<Option<_>>()?;
        let owed = Decimal::try_from_i128_with_scale(self.difference, 0).ok()?;
        let owed = owed.checked_mul(rules.tick_size)?.checked_mul(rules.lot_size)?;
        let owed = Money::new(rules.currency.round(owed), rules.currency).ok()?;
        let goods = lines.iter().try_fold(owed.amount(), |sum, line| sum.checked_add(line.amount.amount()))?;
        Money::new(goods, rules.currency).ok()?;
        Some(PricedDeal { lines, difference: Some(owed).filter(|owed| !owed.amount().is_zero()) })
    }
}

fn priced((price, lots): (Price, Lots), rules: &Rules) -> Option<PricedLine> {
    let quantity = rules.lot_size.checked_mul(Decimal::from(lots))?.normalize();
    let unit_price = UnitPrice::new(rules.price(price), rules.currency).ok()?;
    let amount = unit_price.line_amount(check_quantity(quantity).ok()?, Decimal::ZERO).ok()?;
    Some(PricedLine { quantity, unit_price, amount })
}

/// What becomes of these trades, which are in the order of their numbers: those that were first traded come first. `fits` says whether a
/// contract can hold a deal.
pub fn clear(trades: &[Unsettled], fits: impl Fn(InstrumentId, &Deal) -> bool) -> Vec<Cleared> {
    let mut groups: BTreeMap<_, Vec<&Unsettled>> = BTreeMap::new();
    for trade in trades {
        let parties = (trade.buyer.min(trade.seller), trade.buyer.max(trade.seller));
        groups.entry((trade.instrument, parties)).or_default().push(trade);
    }
    let mut cleared: Vec<Cleared> = groups.values().flat_map(|group| settle(group, &fits)).collect();
    cleared.sort_by_key(|one| one.trades.first().copied());
    cleared
}

fn settle(group: &[&Unsettled], fits: &impl Fn(InstrumentId, &Deal) -> bool) -> Vec<Cleared> {
    let Some(first) = group.first() else { return Vec::new() };
    let (there, back): (Vec<&Unsettled>, Vec<&Unsettled>) = group.iter().partition(|trade| trade.buyer == first.buyer);
    let all: u128 = group.iter().map(|trade| u128::from(trade.lots)).sum();
    let parts = if all > u128::from(Lots::MAX) {
        singles(group)
    } else {
        match net(&there, &back) {
            Net::Nothing => return vec![cleared(group, None)],
            Net::One(deal) => vec![(group.to_vec(), deal)],
            Net::Gross => [there, back].into_iter().filter_map(whole).collect(),
        }
    };
    let parts = if parts.iter().all(|(_, deal)| fits(first.instrument, deal)) { parts } else { singles(group) };
    parts.into_iter().map(|(part, deal)| cleared(&part, Some(deal))).collect()
}

fn cleared(trades: &[&Unsettled], deal: Option<Deal>) -> Cleared {
    let one = trades[0];
    Cleared {
        instrument: one.instrument,
        parties: (one.buyer.min(one.seller), one.buyer.max(one.seller)),
        trades: trades.iter().map(|trade| trade.trade).collect(),
        deal,
    }
}

/// Each trade for itself.
fn singles<'a>(group: &[&'a Unsettled]) -> Vec<(Vec<&'a Unsettled>, Deal)> {
    group.iter().filter_map(|&trade| whole(vec![trade])).collect()
}

/// Trades of one direction without any that offset them.
fn whole(trades: Vec<&Unsettled>) -> Option<(Vec<&Unsettled>, Deal)> {
    let deal = Deal::of(&trades)?;
    Some((trades, deal))
}

/// What is left of the trades of two companies.
enum Net {
    Nothing,
    One(Deal),
    /// They cannot be offset.
    Gross,
}

/// Offsets what one has bought from the other by what it has sold to it.
fn net(there: &[&Unsettled], back: &[&Unsettled]) -> Net {
    let lots = |trades: &[&Unsettled]| trades.iter().map(|trade| u128::from(trade.lots)).sum::<u128>();
    let (more, less) = if lots(there) >= lots(back) { (there, back) } else { (back, there) };
    let mut open: VecDeque<(Price, Lots)> = more.iter().map(|trade| (trade.price, trade.lots)).collect();
    // What those who have bought more owe for what is offset.
    let mut difference = 0_i128;
    for trade in less {
        let mut rest = trade.lots;
        while rest > 0
            && let Some((price, lots)) = open.front_mut()
        {
            let offset = rest.min(*lots);
            difference += (i128::from(*price) - i128::from(trade.price)) * i128::from(offset);
            rest -= offset;
            *lots -= offset;
            if *lots == 0 {
                open.pop_front();
            }
        }
    }
    match (open.is_empty(), difference) {
        (true, 0) => Net::Nothing,
        (false, 0..) => {
            let deal = Deal::of(more).map(|deal| Deal { lines: by_price(open.into_iter()), difference, ..deal });
            deal.map_or(Net::Nothing, Net::One)
        }
        _ => Net::Gross,
    }
}

fn by_price(parts: impl Iterator<Item = (Price, Lots)>) -> Vec<(Price, Lots)> {
    let mut lines = BTreeMap::new();
    for (price, lots) in parts {
        *lines.entry(price).or_insert(0) += lots;
    }
    lines.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn company(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    fn instrument(number: u128) -> InstrumentId {
        InstrumentId(Uuid::from_u128(number))
    }

    /// Trades of one instrument: buyer, seller, price, lots.
    fn trades(all: &[(u128, u128, Price, Lots)]) -> Vec<Unsettled> {
        let trade = |(number, &(buyer, seller, price, lots)): (u64, &(u128, u128, Price, Lots))| Unsettled {
            trade: TradeNumber(number),
            instrument: instrument(9),
            buyer: company(buyer),
            seller: company(seller),
            price,
            lots,
        };
        (1..).zip(all).map(trade).collect()
    }

    fn numbers(all: &[u64]) -> Vec<TradeNumber> {
        all.iter().copied().map(TradeNumber).collect()
    }

    fn deal(buyer: u128, seller: u128, lines: &[(Price, Lots)], difference: i128) -> Option<Deal> {
        Some(Deal { buyer: company(buyer), seller: company(seller), lines: lines.to_vec(), difference })
    }

    /// What is cleared together, and to what.
    fn outcome(all: &[(u128, u128, Price, Lots)]) -> Vec<(Vec<TradeNumber>, Option<Deal>)> {
        clear(&trades(all), |_, _| true).into_iter().map(|one| (one.trades, one.deal)).collect()
    }

    #[test]
    fn what_one_bought_of_another_is_one_contract_with_a_line_for_each_price() {
        let found = outcome(&[(1, 2, 100, 3), (1, 2, 102, 1), (1, 2, 100, 2)]);
        assert_eq!(found, [(numbers(&[1, 2, 3]), deal(1, 2, &[(100, 5), (102, 1)], 0))]);
    }

    #[test]
    fn pairs_and_instruments_are_cleared_for_themselves() {
        let mut all = trades(&[(1, 2, 100, 3), (3, 1, 101, 1), (2, 1, 100, 3)]);
        all[2].instrument = instrument(8);
        let found = clear(&all, |_, _| true);
        let expected = [deal(1, 2, &[(100, 3)], 0), deal(3, 1, &[(101, 1)], 0), deal(2, 1, &[(100, 3)], 0)];
        assert_eq!(found.iter().map(|one| one.deal.clone()).collect::<Vec<_>>(), expected);
        assert_eq!(found[1].parties, (company(1), company(3)));
    }

    #[test]
    fn opposite_trades_offset_each_other_the_oldest_first_and_the_buyer_pays_the_difference() {
        // 4 of the 5 lots at 100, and so of those at 100 the oldest, are given back at 98: 4 × 2 ticks are owed.
        let found = outcome(&[(1, 2, 100, 5), (1, 2, 103, 2), (2, 1, 98, 4)]);
        assert_eq!(found, [(numbers(&[1, 2, 3]), deal(1, 2, &[(100, 1), (103, 2)], 8))]);
        let same = outcome(&[(2, 1, 100, 1), (1, 2, 100, 5)]);
        assert_eq!(same, [(numbers(&[1, 2]), deal(1, 2, &[(100, 4)], 0))]);
    }

    #[test]
    fn a_difference_that_the_seller_would_owe_is_not_offset() {
        let found = outcome(&[(1, 2, 100, 5), (2, 1, 101, 4), (1, 2, 100, 1)]);
        let expected = [(numbers(&[1, 3]), deal(1, 2, &[(100, 6)], 0)), (numbers(&[2]), deal(2, 1, &[(101, 4)], 0))];
        assert_eq!(found, expected);
    }

    #[test]
    fn equal_quantities_leave_nothing_or_at_different_prices_two_contracts() {
        assert_eq!(outcome(&[(1, 2, 100, 5), (2, 1, 100, 5)]), [(numbers(&[1, 2]), None)]);
        // The differences of several offsets may offset each other, too.
        let three = outcome(&[(1, 2, 100, 1), (1, 2, 102, 1), (2, 1, 101, 2)]);
        assert_eq!(three, [(numbers(&[1, 2, 3]), None)]);
        let found = outcome(&[(1, 2, 100, 5), (2, 1, 99, 5)]);
        let expected = [(numbers(&[1]), deal(1, 2, &[(100, 5)], 0)), (numbers(&[2]), deal(2, 1, &[(99, 5)], 0))];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_no_contract_can_hold_is_not_netted() {
        let all = [(1, 2, 100, Lots::MAX), (1, 2, 100, 1)];
        assert_eq!(outcome(&all).len(), 2);
        let few = |_, deal: &Deal| deal.lines.iter().all(|(_, lots)| *lots < 5);
        let found = clear(&trades(&[(1, 2, 100, 4), (2, 1, 98, 1), (1, 2, 100, 2)]), few);
        let found: Vec<_> = found.into_iter().map(|one| (one.trades, one.deal)).collect();
        let expected = [
            (numbers(&[1]), deal(1, 2, &[(100, 4)], 0)),
            (numbers(&[2]), deal(2, 1, &[(98, 1)], 0)),
            (numbers(&[3]), deal(1, 2, &[(100, 2)], 0)),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_deal_in_money() {
        let deal = deal(1, 2, &[(1161, 1), (1162, 3)], 8).unwrap();
        let priced = deal.priced(&Rules::plain("0.50", "5")).unwrap();
        let told: Vec<_> = priced
            .lines
            .iter()
            .map(|line| format!("{} {} {}", line.quantity, line.unit_price.amount(), line.amount.amount()))
            .collect();
        assert_eq!(told, ["5 580.5 2902.50", "15 581 8715.00"]);
        assert_eq!(priced.difference.unwrap().amount().to_string(), "20.00");
        // Less than half a cent is nothing.
        let small = Deal { difference: 4, ..deal.clone() };
        assert_eq!(small.priced(&Rules::plain("0.001", "1")).unwrap().difference, None);
        let large = |lots, tick: &str, lot: &str| {
            Deal { lines: vec![(1, lots)], ..deal.clone() }.priced(&Rules::plain(tick, lot))
        };
        assert!(large(100_000_000_000, "1", "1").is_some());
        assert_eq!(large(100_000_000_001, "1", "1"), None);
        assert_eq!(large(1_000_000, "1000000000", "1"), None);
        assert_eq!(large(Lots::MAX, "1", "1000000000000"), None);
        let much = Deal { difference: i128::MAX, ..deal };
        assert_eq!(much.priced(&Rules::plain("0.50", "5")), None);
    }

    /// What the first of a pair is to get of the second, and to pay to it: lots, and ticks times lots.
    fn owed(of: &Cleared, by: &Deal) -> (i128, i128) {
        let lots: i128 = by.lines.iter().map(|(_, lots)| i128::from(*lots)).sum();
        let money: i128 = by.lines.iter().map(|(price, lots)| i128::from(*price) * i128::from(*lots)).sum();
        let sign = if by.buyer == of.parties.0 { 1 } else { -1 };
        (sign * lots, sign * (money + by.difference))
    }

    proptest! {
        #[test]
        fn lots_and_money_are_conserved_and_every_trade_is_cleared_once(
            all in prop::collection::vec((0_u128..3, 1_u128..3, 1_u128..3, 95_i64..105, 1_u64..6), 0..40),
            most in prop::option::of(5_u64..20),
        ) {
            let trades: Vec<Unsettled> = (1..).zip(&all).map(|(number, &(buyer, away, of, price, lots))| Unsettled {
                trade: TradeNumber(number),
                instrument: instrument(of),
                buyer: company(buyer),
                seller: company((buyer + away) % 3),
                price,
                lots,
            }).collect();
            let fits = |_, deal: &Deal| most.is_none_or(|most| deal.lines.iter().map(|(_, lots)| lots).sum::<u64>() <= most);
            let cleared = clear(&trades, fits);

            let mut named: Vec<TradeNumber> = cleared.iter().flat_map(|one| one.trades.clone()).collect();
            named.sort_unstable();
            prop_assert_eq!(named, trades.iter().map(|trade| trade.trade).collect::<Vec<_>>());

            let mut expected: BTreeMap<_, (i128, i128)> = BTreeMap::new();
            for trade in &trades {
                let parties = (trade.buyer.min(trade.seller), trade.buyer.max(trade.seller));
                let sign = if trade.buyer == parties.0 { 1 } else { -1 };
                let (lots, money) = expected.entry((trade.instrument, parties)).or_default();
                *lots += sign * i128::from(trade.lots);
                *money += sign * i128::from(trade.price) * i128::from(trade.lots);
            }
            for one in &cleared {
                prop_assert!(one.trades.is_sorted());
                let Some(deal) = &one.deal else { continue };
                prop_assert!(deal.difference >= 0 && !deal.lines.is_empty() && deal.lines.iter().all(|(_, lots)| *lots > 0));
                prop_assert!(deal.lines.windows(2).all(|pair| pair[0].0 < pair[1].0));
                let mut parties = [deal.buyer, deal.seller];
                parties.sort_unstable();
                prop_assert_eq!((parties[0], parties[1]), one.parties);
                let (lots, money) = expected.entry((one.instrument, one.parties)).or_default();
                let of = owed(one, deal);
                (*lots, *money) = (*lots - of.0, *money - of.1);
            }
            prop_assert!(expected.values().all(|left| *left == (0, 0)), "{expected:?}");
        }
    }
}
