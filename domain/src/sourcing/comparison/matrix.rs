//! The matrix of lines and quotes.

use std::collections::HashMap;

use super::Entrant;
use super::landed::{Basis, LandedOffer};
use super::minor;
use crate::kernel::refusal::Invalid;
use crate::kernel::{Money, OrganisationId, QuoteId, Timestamp};
use crate::sourcing::line::LineNumber;
use crate::sourcing::terms::Terms;

/// What a quote offers for a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// By variant.
    pub offers: Vec<LandedOffer>,
    /// The one of them by which the quote competes for the line: the cheapest that counts, of equals the first. None if none counts.
    pub best: Option<usize>,
}

impl Cell {
    pub fn best_offer(&self) -> Option<&LandedOffer> {
        self.best.map(|index| &self.offers[index])
    }
}

/// A quote as a whole. Amounts are in the currency of comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub quote: QuoteId,
    pub quoter: OrganisationId,
    pub submitted_at: Timestamp,
    /// Freight with tax, and what the buyer allows for the way that the prices do not cover: due once, however much is awarded.
    pub fixed: Money,
    /// What the discount for the whole takes off, with tax; zero if the quote cannot be awarded as a whole.
    pub whole_discount: Money,
    /// The least number of lines that has to be awarded to it if any is.
    pub least_lines: usize,
    /// The lines that it does not offer in full.
    pub missing: Vec<LineNumber>,
    /// If nothing is missing: the sum of its best offers and fixed costs, less the discount.
    pub total: Option<Money>,
    /// The longest of its best offers.
    pub lead_time_days: u16,
}

/// Lines × quotes. Columns are in the order of submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    pub lines: Vec<LineNumber>,
    pub columns: Vec<Column>,
    /// Row by row.
    cells: Vec<Cell>,
}

impl Matrix {
    pub fn cell(&self, line: usize, column: usize) -> &Cell {
        &self.cells[line * self.columns.len() + column]
    }

    /// The landed cost of a quote's best offer for a line in minor units; none if it does not compete for it.
    pub(super) fn cost(&self, line: usize, column: usize) -> Option<i128> {
        self.cell(line, column).best_offer().map(|offer| minor(offer.landed))
    }

    /// `entrants` are in the order of submission. Refuses amounts that are too large to be compared.
    pub(super) fn of(terms: &Terms, entrants: &[Entrant<'_>]) -> Result<Self, Invalid> {
        let lines: Vec<LineNumber> = terms.lines.iter().map(|line| line.number).collect();
        let rows: HashMap<LineNumber, usize> = lines.iter().enumerate().map(|(row, line)| (*line, row)).collect();
        let mut cells = vec![Cell::default(); lines.len() * entrants.len()];
        for (index, entrant) in entrants.iter().enumerate() {
            let basis = Basis::of(entrant.quote, &terms.rates)?;
            for offers in entrant.quote.offers.chunk_by(|a, b| a.line == b.line) {
                // A line that was taken away since is none any more.
                let Some(row) = rows.get(&offers[0].line) else { continue };
                let landed = offers.iter().map(|offer| basis.offer(entrant, offer, &terms.lines[*row]));
                cells[row * entrants.len() + index] = cell(landed.collect::<Result<_, _>>()?);
            }
        }
        let mut matrix = Self { lines, columns: Vec::with_capacity(entrants.len()), cells };
        let width = entrants.len();
        for (index, entrant) in entrants.iter().enumerate() {
            let column = matrix.cells.iter().skip(index).step_by(width);
            let column = column_of(terms, entrant, &matrix.lines, &column.collect::<Vec<_>>())?;
            matrix.columns.push(column);
        }
        Ok(matrix)
    }
}

fn cell(offers: Vec<LandedOffer>) -> Cell {
    let counting = offers.iter().enumerate().filter(|(_, offer)| offer.counts);
    let best = counting.min_by_key(|(index, offer)| (minor(offer.landed), *index)).map(|(index, _)| index);
    Cell { offers, best }
}

fn column_of(terms: &Terms, entrant: &Entrant<'_>, lines: &[LineNumber], cells: &[&Cell]) -> Result<Column, Invalid> {
    let (quote, currency) = (entrant.quote, terms.comparison_currency());
    let freight = Basis::of(quote, &terms.rates)?.landed(quote.freight)?;
    let fixed = freight.amount() + entrant.allowance.map_or_else(Default::default, Money::amount);
    let fixed = Money::new(fixed, currency)?;
    let best = || cells.iter().filter_map(|cell| cell.best_offer());
    let goods: i128 = best().map(|offer| minor(offer.landed)).sum();
    let as_whole: i128 = best().map(|offer| minor(offer.landed_as_whole)).sum();
    let offered = cells.iter().filter(|cell| !cell.offers.is_empty()).count();
    let discount = if best().count() == offered { goods - as_whole } else { 0 };
    let without = lines.iter().zip(cells).filter(|(_, cell)| cell.best.is_none());
    let missing: Vec<LineNumber> = without.map(|(line, _)| *line).collect();
    let total = goods + minor(fixed) - discount;
    Ok(Column {
        quote: entrant.id,
        quoter: entrant.quoter,
        submitted_at: entrant.submitted_at,
        fixed,
        whole_discount: super::money(discount, currency),
        least_lines: quote.least_lines(),
        total: missing.is_empty().then(|| super::money(total, currency)),
        missing,
        lead_time_days: best().map(|offer| offer.lead_time_days).max().unwrap_or(0),
    })
}
