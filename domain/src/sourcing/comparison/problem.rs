//! The choice of a combination as a problem in whole numbers: minor units of the currency of comparison.

use super::matrix::Matrix;
use super::minor;

/// What a quote asks for beside the prices of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conditions {
    pub fixed: i128,
    /// Off, if it gets all its lines.
    pub discount: i128,
    pub least: usize,
    /// The rows for which it competes.
    pub rows: Vec<usize>,
}

/// Each row goes to one column or to none; the fewest to none, then the lowest cost.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    /// Row by row; none where a column does not compete.
    costs: Vec<Option<i128>>,
    pub columns: Vec<Conditions>,
    pub rows: usize,
    /// More than any choice can cost: what a row that could be given and is not counts for.
    pub penalty: i128,
}

/// For each row the column that gets it.
pub(super) type Assignment = Vec<Option<usize>>;

impl Problem {
    /// A quote whose least share is more than what it offers in full cannot be combined: it competes for nothing.
    pub fn of(matrix: &Matrix) -> Self {
        let (rows, width) = (matrix.lines.len(), matrix.columns.len());
        let mut costs = vec![None; rows * width];
        let mut columns = Vec::with_capacity(width);
        for (index, column) in matrix.columns.iter().enumerate() {
            let offered: Vec<usize> = (0..rows).filter(|row| matrix.cell(*row, index).best.is_some()).collect();
            let usable = column.least_lines <= offered.len();
            let offered = if usable { offered } else { Vec::new() };
            for row in &offered {
                costs[row * width + index] = matrix.cost(*row, index);
            }
            columns.push(Conditions {
                fixed: minor(column.fixed),
                discount: minor(column.whole_discount),
                least: column.least_lines,
                rows: offered,
            });
        }
        let dearest = |row: usize| costs[row * width..(row + 1) * width].iter().flatten().max().copied().unwrap_or(0);
        let all: i128 = (0..rows).map(dearest).sum();
        let fixed: i128 = columns.iter().map(|column| column.fixed).sum();
        Self { penalty: 1 + all + fixed, costs, columns, rows }
    }

    pub fn cost(&self, row: usize, column: usize) -> Option<i128> {
        self.costs[row * self.columns.len() + column]
    }

    /// The columns that compete for a row.
    pub fn competing(&self, row: usize) -> impl Iterator<Item = (usize, i128)> {
        let width = self.columns.len();
        let costs = &self.costs[row * width..(row + 1) * width];
        costs.iter().enumerate().filter_map(|(column, cost)| Some((column, (*cost)?)))
    }

    pub fn can_be_given(&self, row: usize) -> bool {
        self.competing(row).next().is_some()
    }

    /// What an assignment costs, with the penalty for each row that could be given and is not; none if it breaks a condition.
    pub fn value(&self, assignment: &Assignment) -> Option<i128> {
        let mut counts = vec![0_usize; self.columns.len()];
        let mut value = 0;
        for (row, column) in assignment.iter().enumerate() {
            match column {
                Some(column) => {
                    counts[*column] += 1;
                    value += self.cost(row, *column)?;
                }
                None if self.can_be_given(row) => value += self.penalty,
                None => {}
            }
        }
        for (column, count) in self.columns.iter().zip(counts).filter(|(_, count)| *count > 0) {
            if count < column.least {
                return None;
            }
            value += column.fixed - if count == column.rows.len() { column.discount } else { 0 };
        }
        Some(value)
    }
}
