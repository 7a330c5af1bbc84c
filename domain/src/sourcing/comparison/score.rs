//! Weighted scores, with how they come about.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use super::matrix::Column;
use crate::kernel::Money;
use crate::sourcing::criterion::{Criterion, CriterionKind};

/// The decimals of points.
const DECIMALS: u32 = 4;

/// What points were computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grounds {
    /// 100 × the lowest total of all complete quotes ÷ its own.
    Price { lowest: Money, own: Money },
    /// 100 × the shortest lead time of all complete quotes ÷ its own; below one day counts as one.
    LeadTime { shortest: u16, own: u16 },
    /// As the buyer gave them; none is 0 points.
    Given(Option<Decimal>),
}

/// What a criterion gives a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Points {
    /// Of the criterion.
    pub key: String,
    /// In percent.
    pub weight: Decimal,
    pub grounds: Grounds,
    /// 0 to 100, rounded half to even to four decimals.
    pub points: Decimal,
    /// `weight × points ÷ 100`, rounded half to even to four decimals.
    pub weighted: Decimal,
}

/// All of them together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// In the order of the criteria.
    pub points: Vec<Points>,
    /// The sum of the weighted points.
    pub total: Decimal,
}

/// The score of each column; none of what is not complete, since its total says nothing.
pub(super) fn scores(
    criteria: &[Criterion],
    columns: &[Column],
    given: &[&BTreeMap<String, Decimal>],
) -> Vec<Option<Score>> {
    let complete = || columns.iter().filter_map(|column| Some((column.total?, column.lead_time_days)));
    let lowest = complete().map(|(total, _)| total).min_by_key(|total| total.amount());
    let shortest = complete().map(|(_, days)| days).min().unwrap_or(0);
    let score = |column: &Column, given: &BTreeMap<String, Decimal>| {
        let (own, lowest) = (column.total?, lowest?);
        let points = criteria.iter().map(|criterion| {
            let grounds = match criterion.kind {
                CriterionKind::Price => Grounds::Price { lowest, own },
                CriterionKind::LeadTime => Grounds::LeadTime { shortest, own: column.lead_time_days },
                CriterionKind::Score => Grounds::Given(given.get(&criterion.key).copied()),
            };
            points(criterion, grounds)
        });
        let points: Vec<Points> = points.collect();
        let total = points.iter().map(|points| points.weighted).sum();
        Some(Score { points, total })
    };
    columns.iter().zip(given).map(|(column, given)| score(column, given)).collect()
}

fn points(criterion: &Criterion, grounds: Grounds) -> Points {
    let points = match grounds {
        Grounds::Price { lowest, own } => share(lowest.amount(), own.amount()),
        Grounds::LeadTime { shortest, own } => share(shortest.max(1).into(), own.max(1).into()),
        Grounds::Given(given) => rounded(given.unwrap_or_default()),
    };
    let weighted = rounded(criterion.weight * points / Decimal::ONE_HUNDRED);
    Points { key: criterion.key.clone(), weight: criterion.weight, grounds, points, weighted }
}

/// How much of a hundred the best is of its own.
fn share(best: Decimal, own: Decimal) -> Decimal {
    // Prices so low that they round to nothing are equally good.
    if own.is_zero() { Decimal::ONE_HUNDRED } else { rounded(Decimal::ONE_HUNDRED * best / own) }
}

fn rounded(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(DECIMALS, RoundingStrategy::MidpointNearestEven)
}
