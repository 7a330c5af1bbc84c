//! By how much a bid has to be better than the price that stands.

use serde::{Deserialize, Serialize};

use super::price::{MAX_PRICE, Price, share_of};
use super::rejection::Rejection;

/// A row of an increment table: from this price on, the step is this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    pub from: Price,
    pub step: Price,
}

/// The bid increments of an auction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Increments {
    /// By price range, ascending; the first begins at 0.
    Table(Vec<Range>),
    /// In hundredths of a percent of the start price, rounded half to even to the minor unit, and at least one of it: a bid is better by
    /// at least `least` and, if said, at most `most`, as in public tenders.
    Share { least: u32, most: Option<u32> },
}

/// The most rows of a table.
pub const MAX_RANGES: usize = 50;

impl Increments {
    /// Steps of one minor unit.
    pub fn least() -> Self {
        Self::Table(vec![Range { from: 0, step: 1 }])
    }

    /// The step that a bid has to be better by than `price`, for a lot that starts at `start`.
    pub fn step(&self, price: Price, start: Price) -> Price {
        match self {
            Self::Table(ranges) => ranges.iter().rev().find(|range| range.from <= price).map_or(1, |range| range.step),
            Self::Share { least, .. } => share_of(start, *least).max(1),
        }
    }

    /// The step that a bid must not exceed, if there is one.
    pub fn most(&self, start: Price) -> Option<Price> {
        match self {
            Self::Table(_) => None,
            Self::Share { most, .. } => most.map(|most| share_of(start, most).max(self.step(start, start))),
        }
    }

    /// Refuses a table that is empty, too long, does not begin at 0 or does not ascend, steps that are nothing or fall as the price rises,
    /// and shares out of range.
    pub fn check(&self) -> Result<(), Rejection> {
        let fits = match self {
            Self::Table(ranges) => {
                let ascends = |pair: &[Range]| matches!(pair, [a, b] if a.from < b.from && a.step <= b.step);
                let within = |range: &Range| (1..=MAX_PRICE).contains(&range.step) && range.from <= MAX_PRICE;
                (1..=MAX_RANGES).contains(&ranges.len())
                    && ranges[0].from == 0
                    && ranges.iter().all(within)
                    && ranges.windows(2).all(ascends)
            }
            Self::Share { least, most } => {
                (1..=10_000).contains(least) && most.is_none_or(|most| (*least..=10_000).contains(&most))
            }
        };
        if fits { Ok(()) } else { Err(Rejection::InvalidRules) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(ranges: &[(Price, Price)]) -> Increments {
        Increments::Table(ranges.iter().map(|&(from, step)| Range { from, step }).collect())
    }

    #[test]
    fn the_step_is_that_of_the_range_in_which_the_price_lies() {
        let table = table(&[(0, 5), (100, 10), (1_000, 50)]);
        for (price, step) in [(0, 5), (99, 5), (100, 10), (999, 10), (1_000, 50), (MAX_PRICE, 50)] {
            assert_eq!(table.step(price, 1), step, "{price}");
        }
        assert_eq!(table.most(1), None);
    }

    #[test]
    fn shares_are_of_the_start_price_and_at_least_one_minor_unit() {
        let tender = Increments::Share { least: 50, most: Some(500) };
        assert_eq!((tender.step(1, 100_000), tender.most(100_000)), (500, Some(5_000)));
        assert_eq!((tender.step(1, 10), tender.most(10)), (1, Some(1)));
    }

    #[test]
    fn tables_and_shares_that_make_no_sense_are_refused() {
        assert_eq!(table(&[(0, 5), (100, 10)]).check(), Ok(()));
        let bad = [&[][..], &[(1, 5)], &[(0, 0)], &[(0, 5), (0, 6)], &[(0, 5), (10, 4)], &[(0, MAX_PRICE + 1)]];
        for ranges in bad {
            assert_eq!(table(ranges).check(), Err(Rejection::InvalidRules), "{ranges:?}");
        }
        assert_eq!(table(&(0..51).map(|n| (n, 1)).collect::<Vec<_>>()).check(), Err(Rejection::InvalidRules));
        let share = |least, most| Increments::Share { least, most }.check().is_ok();
        assert!(share(50, Some(500)) && share(1, None) && share(10_000, Some(10_000)));
        assert!(!share(0, None) && !share(50, Some(49)) && !share(50, Some(10_001)));
    }
}
