//! What rows of any kind have in common: where they stand, and what is told of those that are refused.

use std::collections::HashSet;

use domain::kernel::Refusal;
use domain::kernel::refusal::Fault;
use infra::Failure;

use crate::command::Command;
use crate::http::problem::{Problem, ProblemDocument, refused};
use crate::http::problem_table;

/// Decides about each row by its number; a second row with the same number is refused. What breaks, breaks the call.
pub fn decide<'a, R, T>(
    rows: &'a [R],
    sku: impl Fn(&'a R) -> &'a str,
    one: impl Fn(&'a R) -> Result<T, Failure>,
) -> Result<Vec<Result<T, Refusal>>, Failure> {
    let mut seen = HashSet::new();
    let decide = |(index, row): (usize, &'a R)| {
        let decided = if seen.insert(sku(row)) {
            refused(one(row))?
        } else {
            Err(Refusal::fault("/sku", "twice", "A row before is about the same product."))
        };
        Ok(decided.map_err(|refusal| at_row(refusal, index)))
    };
    rows.iter().enumerate().map(decide).collect()
}

/// What a row says of nothing that the seller has.
pub fn no_product() -> Failure {
    Refusal::fault("/sku", "unknown", "You have no such product.").into()
}

/// What a row says of a product that is out of the range.
pub fn archived() -> Failure {
    Refusal::fault("/sku", "archived", "The product was taken out of the range.").into()
}

/// The refusal with its faults where the row stands in the body.
fn at_row(mut refusal: Refusal, index: usize) -> Refusal {
    let row = format!("/items/{index}");
    if refusal.faults.is_empty() {
        let fault = Fault { pointer: row, code: problem_table::row(refusal.kind).slug, detail: refusal.detail.clone() };
        refusal.faults.push(fault);
    } else {
        refusal.faults.iter_mut().for_each(|fault| fault.pointer.insert_str(0, &row));
    }
    refusal
}

/// Where all or nothing was asked for, one refused row refuses the call, with the faults of all rows.
pub fn check_atomic<T>(atomic: bool, decided: &[Result<T, Refusal>]) -> Result<(), Refusal> {
    let faults: Vec<Fault> =
        decided.iter().filter_map(|one| one.as_ref().err()).flat_map(|r| r.faults.clone()).collect();
    if atomic && !faults.is_empty() { Err(Refusal::invalid(faults)) } else { Ok(()) }
}

/// What is told of a refused row: the problem that the single call would have answered.
pub fn problem_of(command: &Command, instance: &str, refusal: &Refusal) -> ProblemDocument {
    Problem::from(refusal.clone()).document(instance, command.request_id().unwrap_or_default())
}
