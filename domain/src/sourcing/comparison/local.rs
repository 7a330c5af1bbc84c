//! A good combination, found by steps that each make it better.

use super::problem::{Assignment, Problem};

/// The most rounds through all columns. Each round that changes something lowers the cost; in practice a handful is enough.
const MAX_ROUNDS: usize = 20;

/// What becomes of an assignment when one column is treated so.
#[derive(Debug, Clone, Copy)]
enum Move {
    /// It gets all its rows.
    TakeAll,
    /// It gets the rows for which it is cheaper, and as many more as it asks for.
    Gain,
    /// It gets nothing; others that are in already take its rows.
    Drop,
}

/// The best of what can be reached from each of these starts, or from nothing where there is none. Starts that break a condition are mended
/// first.
pub(super) fn improve(problem: &Problem, starts: Vec<Assignment>) -> (Assignment, i128) {
    let nothing = vec![None; problem.rows];
    let value = problem.value(&nothing).unwrap_or(i128::MAX);
    let starts = if starts.is_empty() { vec![nothing.clone()] } else { starts };
    let mut best = (nothing, value);
    for start in starts {
        let (assignment, value) = climb(problem, mended(problem, start));
        if value < best.1 {
            best = (assignment, value);
        }
    }
    best
}

fn climb(problem: &Problem, start: Assignment) -> (Assignment, i128) {
    let mut value = problem.value(&start).unwrap_or(i128::MAX);
    let mut assignment = start;
    for _ in 0..MAX_ROUNDS {
        let before = value;
        for column in 0..problem.columns.len() {
            for step in moves(problem, &assignment, column) {
                let next = mended(problem, moved(problem, &assignment, column, *step));
                if let Some(worth) = problem.value(&next).filter(|worth| *worth < value) {
                    (assignment, value) = (next, worth);
                }
            }
        }
        if value == before {
            break;
        }
    }
    (assignment, value)
}

/// What can change anything for a column: one without rows has none to drop, one with all its rows none to gain.
fn moves(problem: &Problem, assignment: &Assignment, column: usize) -> &'static [Move] {
    let has = assignment.iter().filter(|holder| **holder == Some(column)).count();
    match has {
        0 => &[Move::TakeAll, Move::Gain],
        has if has == problem.columns[column].rows.len() => &[Move::Drop],
        _ => &[Move::TakeAll, Move::Gain, Move::Drop],
    }
}

fn moved(problem: &Problem, assignment: &Assignment, column: usize, step: Move) -> Assignment {
    let mut next = assignment.clone();
    let conditions = &problem.columns[column];
    match step {
        Move::TakeAll => conditions.rows.iter().for_each(|row| next[*row] = Some(column)),
        Move::Drop => drop_column(problem, &mut next, column),
        Move::Gain => {
            // How much more than now each row would cost with the column.
            let more = |row: &usize| {
                let now = assignment[*row].and_then(|holder| problem.cost(*row, holder)).unwrap_or(problem.penalty);
                problem.cost(*row, column).unwrap_or(problem.penalty) - now
            };
            let mut rows: Vec<(i128, usize)> = conditions.rows.iter().map(|row| (more(row), *row)).collect();
            rows.sort_unstable();
            let gained =
                rows.iter().enumerate().take_while(|(index, (more, _))| *more < 0 || *index < conditions.least);
            gained.for_each(|(_, (_, row))| next[*row] = Some(column));
        }
    }
    next
}

/// Gives the rows of a column to the cheapest of the others that have rows already, or to nobody.
fn drop_column(problem: &Problem, assignment: &mut Assignment, column: usize) {
    let mut used = vec![false; problem.columns.len()];
    assignment.iter().flatten().for_each(|holder| used[*holder] = true);
    used[column] = false;
    let used: Vec<usize> = (0..used.len()).filter(|column| used[*column]).collect();
    for (row, holder) in assignment.iter_mut().enumerate() {
        if *holder == Some(column) {
            let others = used.iter().filter_map(|other| Some((problem.cost(row, *other)?, *other)));
            *holder = others.min().map(|(_, other)| other);
        }
    }
}

/// Drops columns that get less than they ask for, until none is left that does.
fn mended(problem: &Problem, mut assignment: Assignment) -> Assignment {
    loop {
        let mut counts = vec![0_usize; problem.columns.len()];
        assignment.iter().flatten().for_each(|column| counts[*column] += 1);
        let short =
            (0..counts.len()).find(|column| counts[*column] > 0 && counts[*column] < problem.columns[*column].least);
        // Each time one column less is in use, so this ends.
        match short {
            Some(column) => drop_column(problem, &mut assignment, column),
            None => return assignment,
        }
    }
}

/// Where an earlier quote has the same price for a row, and would do at the same cost on the whole, it gets the row.
pub(super) fn earlier_of_equals(problem: &Problem, assignment: &mut Assignment) {
    let value = problem.value(assignment);
    for row in 0..problem.rows {
        let Some(holder) = assignment[row] else { continue };
        let price = problem.cost(row, holder);
        let earlier = problem.competing(row).filter(|(column, cost)| *column < holder && Some(*cost) == price);
        for (column, _) in earlier {
            assignment[row] = Some(column);
            if problem.value(assignment) == value {
                break;
            }
            assignment[row] = Some(holder);
        }
    }
}
