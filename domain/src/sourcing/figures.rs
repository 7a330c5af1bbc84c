//! Conversion figures: of what was asked how much was quoted, how fast, and how much was won.

use std::collections::BTreeMap;

use chrono::{Datelike, TimeDelta};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::kernel::{CategoryId, Date, Timestamp};

/// What became of one request with one supplier. A supplier has such records of all requests that it received; a buyer of all suppliers
/// that received its requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handled {
    /// The categories that were asked for; none at all where all lines are free text or products.
    pub categories: Vec<CategoryId>,
    pub received_at: Timestamp,
    /// When the first quote was handed in.
    pub quoted_at: Option<Timestamp>,
    pub won: bool,
}

/// Which records are counted together. A request for several categories counts in each of them, and once in the total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group {
    pub category: Option<CategoryId>,
    /// The first day of the month in UTC in which the request was received.
    pub month: Date,
}

/// The figures of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub received: u32,
    pub quoted: u32,
    pub won: u32,
    /// The median of the times from receiving to quoting, of an even number the mean of the middle two; none if nothing was quoted.
    pub time_to_quote: Option<TimeDelta>,
}

impl Figures {
    /// How many of the received ones were quoted, in percent with one decimal, rounded half to even; none if none was received.
    pub fn quote_rate(&self) -> Option<Decimal> {
        percent(self.quoted, self.received)
    }

    /// How many of the quoted ones were won.
    pub fn win_rate(&self) -> Option<Decimal> {
        percent(self.won, self.quoted)
    }

    /// The figures of all these records together.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Handled>) -> Self {
        let (mut figures, mut times) = (Self::default(), Vec::new());
        for record in records {
            figures.received += 1;
            figures.quoted += u32::from(record.quoted_at.is_some());
            figures.won += u32::from(record.won);
            times.extend(record.quoted_at.map(|quoted_at| quoted_at - record.received_at));
        }
        Self { time_to_quote: median(times), ..figures }
    }
}

/// The figures by category and month, in that order.
pub fn by_category_and_month(records: &[Handled]) -> BTreeMap<Group, Figures> {
    let mut groups: BTreeMap<Group, Vec<&Handled>> = BTreeMap::new();
    for record in records {
        let day = record.received_at.date_naive();
        let month = day.with_day(1).unwrap_or(day);
        let mut categories: Vec<Option<CategoryId>> = record.categories.iter().copied().map(Some).collect();
        categories.sort_unstable();
        categories.dedup();
        if categories.is_empty() {
            categories.push(None);
        }
        for category in categories {
            groups.entry(Group { category, month }).or_default().push(record);
        }
    }
    groups.into_iter().map(|(group, records)| (group, Figures::of(records))).collect()
}

fn percent(part: u32, of: u32) -> Option<Decimal> {
    let share = Decimal::from(part).checked_mul(Decimal::ONE_HUNDRED)?.checked_div(of.into())?;
    Some(share.round_dp_with_strategy(1, RoundingStrategy::MidpointNearestEven))
}

fn median(mut times: Vec<TimeDelta>) -> Option<TimeDelta> {
    times.sort_unstable();
    let middle = times.len() / 2;
    let upper = *times.get(middle)?;
    if times.len() % 2 == 1 {
        return Some(upper);
    }
    Some((times[middle - 1] + upper) / 2)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::tests::{at, day, dec};
    use super::*;

    const STEEL: CategoryId = CategoryId(Uuid::from_u128(1));
    const PIPES: CategoryId = CategoryId(Uuid::from_u128(2));

    fn handled(categories: &[CategoryId], received: i64, quoted_after: Option<i64>, won: bool) -> Handled {
        let quoted_at = quoted_after.map(|seconds| at(received + seconds));
        Handled { categories: categories.to_vec(), received_at: at(received), quoted_at, won }
    }

    #[test]
    fn figures_count_and_take_the_median() {
        let records = [
            handled(&[STEEL], 0, Some(100), true),
            handled(&[STEEL], 1, Some(900), false),
            handled(&[STEEL], 2, Some(200), false),
            handled(&[STEEL], 3, None, false),
        ];
        let figures = Figures::of(&records);
        assert_eq!((figures.received, figures.quoted, figures.won), (4, 3, 1));
        assert_eq!(figures.time_to_quote, Some(TimeDelta::seconds(200)));
        assert_eq!((figures.quote_rate(), figures.win_rate()), (Some(dec("75")), Some(dec("33.3"))));
        assert_eq!(Figures::of(&records[..2]).time_to_quote, Some(TimeDelta::seconds(500)));
    }

    #[test]
    fn nothing_has_no_rate() {
        let none = Figures::of([]);
        assert_eq!((none.quote_rate(), none.win_rate(), none.time_to_quote), (None, None, None));
        assert_eq!(Figures::of(&[handled(&[], 0, None, false)]).quote_rate(), Some(dec("0")));
    }

    #[test]
    fn a_request_counts_in_each_of_its_categories_and_in_its_month() {
        let next_month = 8 * 86_400;
        let records = [
            handled(&[STEEL, PIPES, STEEL], 0, Some(60), true),
            handled(&[], 0, None, false),
            handled(&[PIPES], next_month, None, false),
        ];
        let month = |date: Date| date.with_day(1).unwrap();
        let groups = by_category_and_month(&records);
        let counts: Vec<_> = groups.iter().map(|(group, f)| (group.category, group.month, f.received, f.won)).collect();
        let expected = [
            (None, month(day(0)), 1, 0),
            (Some(STEEL), month(day(0)), 1, 1),
            (Some(PIPES), month(day(0)), 1, 1),
            (Some(PIPES), month(day(8)), 1, 0),
        ];
        assert_eq!(counts, expected);
    }
}
