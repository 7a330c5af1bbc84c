//! Quotes side by side: in one currency, one unit, and at the buyer's place.
//!
//! Every amount that is compared is rounded once, half to even, to the minor unit of the currency of comparison; all sums are of these
//! amounts, so that what is shown adds up. Equals are in the order of their submission.

mod choice;
mod combination;
mod landed;
mod local;
mod matrix;
mod problem;
mod score;

pub use choice::{Choice, Share};
pub use combination::MAX_LOOKS;
pub use landed::LandedOffer;
pub(super) use landed::check_comparable;
pub use matrix::{Cell, Column, Matrix};
pub use score::{Grounds, Points, Score};

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::criterion::CriterionKind;
use super::line::LineNumber;
use super::offer::Variant;
use super::quote::Quote;
use super::terms::Terms;
use crate::kernel::{Currency, Faults, Money, OrganisationId, QuoteId, Refusal, Timestamp};
use choice::{best_split, best_total, ranked};
use problem::Problem;

/// The most quotes that are compared at once.
pub const MAX_QUOTES: usize = 500;

/// A quote that takes part, with what the buyer says of it.
#[derive(Debug, Clone)]
pub struct Entrant<'a> {
    pub id: QuoteId,
    pub quoter: OrganisationId,
    /// Of the first submission that was not withdrawn: revising does not cost a place among equals.
    pub submitted_at: Timestamp,
    pub quote: &'a Quote,
    /// 0 to 100 by the keys of the criteria that the buyer scores.
    pub scores: BTreeMap<String, Decimal>,
    /// What the buyer reckons for the rest of the way, duties and the like, in the currency of comparison.
    pub allowance: Option<Money>,
    /// The alternatives and equivalents that the buyer takes for as good as what it asked for.
    pub accepted: BTreeSet<(LineNumber, Variant)>,
}

/// A best combination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Combination {
    pub choice: Choice,
    /// Whether it is proven that there is no better one: so it is unless the search was cut off (see [`MAX_LOOKS`]).
    pub proven: bool,
}

/// All that can be said of the quotes by computation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub currency: Currency,
    pub matrix: Matrix,
    /// By column; none of what is not complete.
    pub scores: Vec<Option<Score>>,
    /// The complete columns: the highest score first, then the lowest total, then the earliest submission.
    pub ranking: Vec<usize>,
    /// For each line the columns that compete for it, the lowest landed cost first.
    pub line_rankings: Vec<Vec<usize>>,
    /// One quote for all lines; none if no quote is complete.
    pub best_total: Option<Choice>,
    /// Each line to the cheapest for it, as if no quoter had conditions: they may be broken, and freight is due for each quote.
    pub best_split: Choice,
    /// The fewest lines uncovered, then the lowest cost that the quoters' conditions allow.
    pub best_combination: Combination,
}

/// Compares quotes. Refuses more than [`MAX_QUOTES`], scores out of range or for no criterion, allowances that are negative or in another
/// currency, and amounts too large to be compared; all faults at once.
pub fn compare(terms: &Terms, mut entrants: Vec<Entrant<'_>>) -> Result<Comparison, Refusal> {
    check(terms, &entrants)?;
    entrants.sort_by_key(|entrant| (entrant.submitted_at, entrant.id));
    let currency = terms.comparison_currency();
    let matrix = Matrix::of(terms, &entrants).map_err(|invalid| invalid.at("/quotes"))?;
    let given: Vec<_> = entrants.iter().map(|entrant| &entrant.scores).collect();
    let scores = score::scores(&terms.criteria, &matrix.columns, &given);
    let choice = |by_line| Choice::of(&matrix, currency, by_line);
    let whole = best_total(&matrix).map(|column| vec![Some(column); matrix.lines.len()]);
    let split = best_split(&matrix);
    let problem = Problem::of(&matrix);
    let starts = usable(&problem, whole.iter().chain([&split]));
    let (combined, proven) = combination::best_combination(&problem, starts, MAX_LOOKS);
    Ok(Comparison {
        currency,
        ranking: ranking(&matrix.columns, &scores),
        scores,
        line_rankings: (0..matrix.lines.len()).map(|row| ranked(&matrix, row)).collect(),
        best_total: whole.map(choice),
        best_split: choice(split),
        best_combination: Combination { choice: choice(combined), proven },
        matrix,
    })
}

impl Comparison {
    /// The place of a quote in the ranking, from 1 on; none if it is not complete. In an open ranking that is what its quoter learns.
    pub fn rank(&self, quote: QuoteId) -> Option<usize> {
        self.ranking.iter().position(|column| self.matrix.columns[*column].quote == quote).map(|place| place + 1)
    }

    /// The offer by which a quote competes for a line.
    pub fn variant_of(&self, quote: QuoteId, line: LineNumber) -> Option<Variant> {
        let row = self.matrix.lines.iter().position(|known| *known == line)?;
        let column = self.matrix.columns.iter().position(|column| column.quote == quote)?;
        self.matrix.cell(row, column).best_offer().map(|offer| offer.variant)
    }

    /// The next best quote once these are out, such as one whose quoter declined the award.
    pub fn next_best(&self, without: &[QuoteId]) -> Option<&Column> {
        let columns = self.ranking.iter().map(|column| &self.matrix.columns[*column]);
        columns.into_iter().find(|column| !without.contains(&column.quote))
    }

    /// The same for one line.
    pub fn next_best_for(&self, line: LineNumber, without: &[QuoteId]) -> Option<&Column> {
        let row = self.matrix.lines.iter().position(|known| *known == line)?;
        let columns = self.line_rankings[row].iter().map(|column| &self.matrix.columns[*column]);
        columns.into_iter().find(|column| !without.contains(&column.quote))
    }
}

/// Starts of the search without what the problem does not know: quotes that cannot be combined.
fn usable<'a>(problem: &Problem, starts: impl Iterator<Item = &'a Vec<Option<usize>>>) -> Vec<Vec<Option<usize>>> {
    let known = |(row, column): (usize, &Option<usize>)| column.filter(|column| problem.cost(row, *column).is_some());
    starts.map(|start| start.iter().enumerate().map(known).collect()).collect()
}

fn ranking(columns: &[Column], scores: &[Option<Score>]) -> Vec<usize> {
    let complete = scores.iter().enumerate().filter_map(|(index, score)| Some((index, score.as_ref()?.total)));
    let mut ranking: Vec<(usize, Decimal)> = complete.collect();
    let total = |index: usize| columns[index].total.map(Money::amount);
    ranking.sort_by(|(a, score_a), (b, score_b)| {
        score_b.cmp(score_a).then_with(|| total(*a).cmp(&total(*b))).then_with(|| a.cmp(b))
    });
    ranking.into_iter().map(|(index, _)| index).collect()
}

fn check(terms: &Terms, entrants: &[Entrant<'_>]) -> Result<(), Refusal> {
    let mut faults = Faults::default();
    if entrants.len() > MAX_QUOTES {
        faults.add("/quotes", "too_many", format!("At most {MAX_QUOTES} quotes are compared."));
    }
    let is_scored = |key: &str| terms.criteria.iter().any(|c| c.kind == CriterionKind::Score && c.key == key);
    for entrant in entrants {
        let at = format!("/quotes/{}", entrant.id);
        for (key, score) in &entrant.scores {
            if !is_scored(key) {
                faults.add(format!("{at}/scores/{key}"), "unknown", "The buyer scores no such criterion.");
            } else if *score < Decimal::ZERO || *score > Decimal::ONE_HUNDRED {
                faults.add(format!("{at}/scores/{key}"), "out_of_range", "A score lies between 0 and 100.");
            }
        }
        if let Some(allowance) = entrant.allowance {
            let at = format!("{at}/allowance");
            if allowance.currency() != terms.comparison_currency() {
                faults.add(at, "currency", format!("An allowance is in {}.", terms.comparison_currency()));
            } else if allowance.amount() < Decimal::ZERO {
                faults.add(at, "negative", "An allowance is not negative.");
            }
        }
    }
    faults.result()
}

/// In minor units.
fn minor(money: Money) -> i128 {
    money.amount().mantissa()
}

/// Of minor units. Sums of 500 amounts are far within a decimal.
fn money(minor: i128, currency: Currency) -> Money {
    Money::rounded(Decimal::from_i128_with_scale(minor, currency.decimals()), currency)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod twin;
