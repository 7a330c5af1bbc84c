//! The best combination under the quoters' conditions.
//!
//! First steps that each lower the cost find a good one ([`super::local`]); then a depth-first search over the rows proves that it is the
//! best, or finds a better one, and cuts off whatever cannot become better by a lower bound. The search looks at no more than [`MAX_LOOKS`]
//! costs; ten quotes of ten lines take a small part of that. Where it ends before it is through, the best that was found stands,
//! and is told to be unproven.

use super::local::{earlier_of_equals, improve};
use super::problem::{Assignment, Problem};

/// How many costs the search may look at: some milliseconds.
pub const MAX_LOOKS: u64 = 500_000;

/// The best assignment that was found, and whether it is proven that there is no better one.
pub(super) fn best_combination(problem: &Problem, starts: Vec<Assignment>, looks: u64) -> (Assignment, bool) {
    let (best, value) = improve(problem, starts);
    let mut search = Search::of(problem, best, value, looks);
    search.descend(0);
    let (is_proven, mut best) = (search.looks_left > 0, search.best);
    earlier_of_equals(problem, &mut best);
    (best, is_proven)
}

struct Search<'a> {
    problem: &'a Problem,
    /// Rows with few competing columns come first: mistakes show early.
    order: Vec<usize>,
    /// For each row the columns that compete, the likeliest first.
    candidates: Vec<Vec<(usize, i128)>>,
    /// For each row the least that it can cost with a column that is not in yet.
    floors: Vec<i128>,
    best: Assignment,
    best_value: i128,
    looks_left: u64,
    current: Assignment,
    /// What is given so far costs that, with the discounts of columns that can still get all their rows.
    value: i128,
    /// How many rows each column has, and how many others it has lost.
    had: Vec<usize>,
    lost: Vec<usize>,
    /// The columns that have rows.
    used: Vec<usize>,
}

impl<'a> Search<'a> {
    fn of(problem: &'a Problem, best: Assignment, best_value: i128, looks: u64) -> Self {
        let with_floor = |row: usize| {
            let floor = |(column, cost): (usize, i128)| (cost + surcharge(problem, column), column, cost);
            let mut columns: Vec<_> = problem.competing(row).map(floor).collect();
            columns.sort_unstable();
            columns
        };
        let rows: Vec<_> = (0..problem.rows).map(with_floor).collect();
        let mut order: Vec<usize> = (0..problem.rows).filter(|row| !rows[*row].is_empty()).collect();
        order.sort_by_key(|row| (rows[*row].len(), *row));
        let width = problem.columns.len();
        Self {
            order,
            floors: rows.iter().map(|columns| columns.first().map_or(0, |(floor, ..)| *floor)).collect(),
            candidates: rows
                .into_iter()
                .map(|c| c.into_iter().map(|(_, column, cost)| (column, cost)).collect())
                .collect(),
            best,
            best_value,
            looks_left: looks,
            current: vec![None; problem.rows],
            value: 0,
            had: vec![0; width],
            lost: vec![0; width],
            used: Vec::new(),
            problem,
        }
    }

    fn look(&mut self, costs: usize) {
        self.looks_left = self.looks_left.saturating_sub(costs as u64);
    }

    /// Tries everything for the rows from this depth on.
    fn descend(&mut self, depth: usize) {
        if self.looks_left == 0 || self.value + self.rest(depth) >= self.best_value {
            return;
        }
        let Some(&row) = self.order.get(depth) else {
            // Every column in use has its least share by now, and its discount only if it has all its rows.
            self.best_value = self.value;
            self.best.clone_from(&self.current);
            return;
        };
        for index in 0..self.candidates[row].len() {
            let (column, cost) = self.candidates[row][index];
            if self.give(row, Some(column), cost) {
                self.descend(depth + 1);
            }
            self.take_back(row, Some(column), cost);
        }
        if self.give(row, None, self.problem.penalty) {
            self.descend(depth + 1);
        }
        self.take_back(row, None, self.problem.penalty);
    }

    /// The least that the rows from this depth on can cost: with a column in use its price, with another one its price and its part of
    /// what that column costs beside, discount taken off.
    fn rest(&mut self, depth: usize) -> i128 {
        self.look((self.order.len() - depth) * (1 + self.used.len()));
        let mut sum = 0;
        for row in &self.order[depth..] {
            let with_used = self.used.iter().filter_map(|column| self.problem.cost(*row, *column)).min();
            sum += with_used.map_or(self.floors[*row], |cost| cost.min(self.floors[*row]));
        }
        sum
    }

    /// Gives a row away; false if a column in use could not get its least share any more.
    fn give(&mut self, row: usize, to: Option<usize>, cost: i128) -> bool {
        self.value += cost;
        self.current[row] = to;
        if let Some(column) = to {
            self.had[column] += 1;
            if self.had[column] == 1 {
                self.used.push(column);
                self.value += self.problem.columns[column].fixed - self.discount(column);
            }
        }
        let mut possible = true;
        for index in 0..self.candidates[row].len() {
            let (other, _) = self.candidates[row][index];
            if Some(other) != to {
                // It loses its discount with its first row.
                let discount = if self.had[other] > 0 { self.discount(other) } else { 0 };
                self.lost[other] += 1;
                self.value += discount;
            }
            possible &= self.had[other] == 0 || self.reachable(other) >= self.problem.columns[other].least;
        }
        self.look(self.candidates[row].len());
        possible
    }

    fn take_back(&mut self, row: usize, from: Option<usize>, cost: i128) {
        for index in 0..self.candidates[row].len() {
            let (other, _) = self.candidates[row][index];
            if Some(other) != from {
                self.lost[other] -= 1;
                self.value -= if self.had[other] > 0 { self.discount(other) } else { 0 };
            }
        }
        if let Some(column) = from {
            self.had[column] -= 1;
            if self.had[column] == 0 {
                self.used.pop();
                self.value -= self.problem.columns[column].fixed - self.discount(column);
            }
        }
        self.current[row] = None;
        self.value -= cost;
    }

    /// How many rows a column can have at most.
    fn reachable(&self, column: usize) -> usize {
        self.problem.columns[column].rows.len() - self.lost[column]
    }

    /// The discount of a column that can still get all its rows.
    fn discount(&self, column: usize) -> i128 {
        if self.lost[column] == 0 { self.problem.columns[column].discount } else { 0 }
    }
}

/// The part of a column's fixed costs, discount taken off, that falls on each of its rows at least: it has all its rows, or bears its fixed
/// costs without the discount by fewer of them. Rounded down, so that the parts are never more than the whole.
fn surcharge(problem: &Problem, column: usize) -> i128 {
    let conditions = &problem.columns[column];
    let rows = i128::try_from(conditions.rows.len().max(1)).unwrap_or(1);
    (conditions.fixed - conditions.discount).div_euclid(rows)
}
