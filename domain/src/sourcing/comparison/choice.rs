//! Which quote gets which line, and what that costs.

use super::matrix::Matrix;
use super::{minor, money};
use crate::kernel::{Currency, Money};
use crate::sourcing::line::LineNumber;

/// What falls to one quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub column: usize,
    pub lines: Vec<LineNumber>,
    /// The landed cost of its lines.
    pub goods: Money,
    /// Its freight and allowance.
    pub fixed: Money,
    /// What its discount for the whole takes off.
    pub discount: Money,
    /// Whether it gets the least share of lines that it asks for.
    pub least_met: bool,
}

/// Lines given to quotes, each line to one as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The column for each line; none where no quote takes it.
    pub by_line: Vec<Option<usize>>,
    /// Of each quote that gets something, by column.
    pub shares: Vec<Share>,
    pub uncovered: Vec<LineNumber>,
    pub total: Money,
}

impl Choice {
    pub(super) fn of(matrix: &Matrix, currency: Currency, by_line: Vec<Option<usize>>) -> Self {
        let shares: Vec<Share> =
            (0..matrix.columns.len()).filter_map(|column| share(matrix, currency, &by_line, column)).collect();
        let sum: i128 =
            shares.iter().map(|share| minor(share.goods) + minor(share.fixed) - minor(share.discount)).sum();
        let open = matrix.lines.iter().zip(&by_line).filter(|(_, column)| column.is_none());
        let uncovered = open.map(|(line, _)| *line).collect();
        Self { shares, uncovered, total: money(sum, currency), by_line }
    }

    /// Whether every quote in it gets the share of lines that it asks for.
    pub fn keeps_conditions(&self) -> bool {
        self.shares.iter().all(|share| share.least_met)
    }
}

fn share(matrix: &Matrix, currency: Currency, by_line: &[Option<usize>], column: usize) -> Option<Share> {
    let rows: Vec<usize> = (0..by_line.len()).filter(|row| by_line[*row] == Some(column)).collect();
    if rows.is_empty() {
        return None;
    }
    let quote = &matrix.columns[column];
    let offered = (0..matrix.lines.len()).filter(|row| matrix.cell(*row, column).best.is_some()).count();
    let goods = rows.iter().filter_map(|row| matrix.cost(*row, column)).sum();
    Some(Share {
        column,
        lines: rows.iter().map(|row| matrix.lines[*row]).collect(),
        goods: money(goods, currency),
        fixed: quote.fixed,
        discount: if rows.len() == offered { quote.whole_discount } else { Money::zero(currency) },
        least_met: rows.len() >= quote.least_lines,
    })
}

/// The complete quote with the lowest total, of equals the earlier one.
pub(super) fn best_total(matrix: &Matrix) -> Option<usize> {
    let totals = matrix.columns.iter().enumerate().filter_map(|(index, column)| Some((minor(column.total?), index)));
    totals.min().map(|(_, index)| index)
}

/// Each line to the quote with the lowest landed cost for it, of equals to the earlier one, whatever the quoters' conditions.
pub(super) fn best_split(matrix: &Matrix) -> Vec<Option<usize>> {
    (0..matrix.lines.len()).map(|row| ranked(matrix, row).first().copied()).collect()
}

/// The columns that compete for a line by landed cost, of equals the earlier ones first.
pub(super) fn ranked(matrix: &Matrix, row: usize) -> Vec<usize> {
    let costs = (0..matrix.columns.len()).filter_map(|column| Some((matrix.cost(row, column)?, column)));
    let mut costs: Vec<(i128, usize)> = costs.collect();
    costs.sort_unstable();
    costs.into_iter().map(|(_, column)| column).collect()
}
