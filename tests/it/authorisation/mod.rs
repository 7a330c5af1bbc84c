//! Who may do what: every operation of the API document, and what each kind of caller gets.
//!
//! A feature has a file with one row per operation. A row names the operation, what it is done to, the body, whose business it
//! is, and the statuses for: nobody (no token) · an outsider (the owner of a verified company without any relation) · a member
//! without the role (a viewer of the company whose business it is) · the owner of that company · the operator of the platform.
//!
//! What is known beyond the table, and checked for every row: machines with the scopes that the document names get what the owner
//! gets, those without one of them 403; another organisation's id is answered as an id that nobody has; and no other spelling of a path
//! opens what its own spelling does not.

mod auction;
mod auction_papers;
mod billing;
mod bulk;
mod catalogue;
mod contract;
mod document;
mod exchange;
mod fulfilment;
mod import;
mod integration;
mod integration_subject;
mod ordering;
mod party;
mod people;
mod portal;
mod procurement;
mod procurement_subject;
mod purchasing;
mod service;
mod sourcing;
mod sourcing_awards;
mod sourcing_people;
mod sourcing_quotes;
mod sourcing_subject;
mod subject;
mod trial;

use std::collections::BTreeSet;

use tests::operations::operations;

/// Whose business an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Seller,
    Buyer,
}
pub use Of::{Buyer, Seller};

/// One operation.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// `POST /v1/orders/{id}/cancel`.
    pub operation: &'static str,
    /// What the path's parameters stand for, in their order: names of `subject.rs`, or plain texts. One that begins with `?` is the query; in
    /// it, as in the body, a word behind `$` is a name of `subject.rs`.
    pub subjects: &'static [&'static str],
    /// The body; a word behind `$` is a name of `subject.rs`. Empty: none.
    pub body: &'static str,
    pub of: Of,
    /// Nobody, outsider, member without the role, member with it, operator.
    pub statuses: [u16; 5],
}

pub const fn row(
    operation: &'static str,
    subjects: &'static [&'static str],
    body: &'static str,
    of: Of,
    statuses: [u16; 5],
) -> Row {
    Row { operation, subjects, body, of, statuses }
}

/// The rows of all features.
const TABLE: &[&[Row]] = &[
    auction::ROWS,
    auction_papers::ROWS,
    billing::ROWS,
    bulk::ROWS,
    catalogue::ROWS,
    contract::ROWS,
    document::ROWS,
    exchange::ROWS,
    import::ROWS,
    integration::ROWS,
    ordering::ROWS,
    party::ROWS,
    people::ROWS,
    portal::ROWS,
    procurement::ROWS,
    purchasing::ROWS,
    service::ROWS,
    sourcing::ROWS,
    sourcing_awards::ROWS,
    sourcing_people::ROWS,
    sourcing_quotes::ROWS,
];

// S3, S23
#[test]
fn the_table_has_every_operation_of_the_document_and_no_other() {
    let document = api::server::document();
    let described: BTreeSet<String> = operations(&document).iter().map(|one| one.name()).collect();
    let listed: Vec<&str> = TABLE.iter().copied().flatten().map(|row| row.operation).collect();
    let once: BTreeSet<String> = listed.iter().map(|&name| name.to_owned()).collect();
    let missing: Vec<_> = described.difference(&once).collect();
    let gone: Vec<_> = once.difference(&described).collect();
    assert!(missing.is_empty(), "add a row to tests/it/authorisation for: {missing:#?}");
    assert!(gone.is_empty(), "the document has no such operation: {gone:#?}");
    assert_eq!(listed.len(), once.len(), "an operation has two rows");
}

/// A feature's rows, tried in a test of their own so that features run side by side.
macro_rules! trials {
    ($($feature:ident)*) => {$(
        // S1, S3, S5, R38
        #[tokio::test]
        async fn $feature() {
            super::trial::hold($feature::ROWS).await;
        }
    )*};
}

mod who_may_do_what_in {
    use super::*;

    trials! {
        auction auction_papers billing bulk catalogue contract document exchange import integration ordering party people portal
        procurement purchasing service
        sourcing sourcing_awards sourcing_people sourcing_quotes
    }
}
