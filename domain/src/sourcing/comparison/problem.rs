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

/// The cost of what is not offered.
const ABSENT: i128 = i128::MAX;

/// Each row goes to one column or to none; the fewest to none, then the lowest cost.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    /// Column by column, since few columns are looked at often; [`ABSENT`] where a column does not compete.
    costs: Vec<i128>,
    pub columns: Vec<Conditions>,
    pub rows: usize,
    /// Whether some column competes, by row.
    can_be_given: Vec<bool>,
    /// More than any choice can cost: what a row that could be given and is not counts for.
    pub penalty: i128,
}

/// For each row the column that gets it.
pub(super) type Assignment = Vec<Option<usize>>;

impl Problem {
    /// A quote whose least share is more than what it offers in full cannot be combined: it competes for nothing.
    pub fn of(matrix: &Matrix) -> Self {
        let rows = matrix.lines.len();
        let mut costs = Vec::with_capacity(rows * matrix.columns.len());
        let mut columns = Vec::with_capacity(matrix.columns.len());
        for (index, column) in matrix.columns.iter().enumerate() {
            let own: Vec<Option<i128>> = (0..rows).map(|row| matrix.cost(row, index)).collect();
            let offered: Vec<usize> = (0..rows).filter(|row| own[*row].is_some()).collect();
            let usable = column.least_lines <= offered.len();
            costs.extend(own.into_iter().map(|cost| cost.filter(|_| usable).unwrap_or(ABSENT)));
            columns.push(Conditions {
                fixed: minor(column.fixed),
                discount: minor(column.whole_discount),
                least: column.least_lines,
                rows: if usable { offered } else { Vec::new() },
            });
        }
        let mut problem = Self { costs, columns, rows, can_be_given: Vec::new(), penalty: 0 };
        let dearest = |row: usize| problem.competing(row).map(|(_, cost)| cost).max();
        let dearest: Vec<Option<i128>> = (0..rows).map(dearest).collect();
        let fixed: i128 = problem.columns.iter().map(|column| column.fixed).sum();
        problem.penalty = 1 + fixed + dearest.iter().flatten().sum::<i128>();
        problem.can_be_given = dearest.iter().map(Option::is_some).collect();
        problem
    }

    pub fn cost(&self, row: usize, column: usize) -> Option<i128> {
        Some(self.costs[column * self.rows + row]).filter(|cost| *cost != ABSENT)
    }

    /// The columns that compete for a row.
    pub fn competing(&self, row: usize) -> impl Iterator<Item = (usize, i128)> {
        (0..self.columns.len()).filter_map(move |column| Some((column, self.cost(row, column)?)))
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
                None if self.can_be_given[row] => value += self.penalty,
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
