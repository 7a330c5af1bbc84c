//! What each kind of refusal is called over HTTP: one row per kind, in the file of its feature.

use domain::kernel::Kind;

use super::problem::Row;

mod auction;
mod catalogue;
mod company;
mod contract;
mod exchange;
mod integration;
mod request;
mod sourcing;

const fn at(slug: &'static str, status: u16, title: &'static str, explanation: &'static str) -> Row {
    Row { slug, status, title, explanation }
}

/// The row of a kind. Each kind has exactly one: a test says so.
pub fn row(kind: Kind) -> Row {
    let tables = [
        request::row,
        auction::row,
        catalogue::row,
        company::row,
        contract::row,
        exchange::row,
        integration::row,
        sourcing::row,
    ];
    tables.iter().find_map(|table| table(kind)).unwrap_or_else(|| unreachable!("{kind:?} has no row"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_one_row_and_a_name_of_its_own() {
        let names: BTreeSet<&str> = Kind::ALL.iter().map(|kind| row(*kind).slug).collect();
        assert_eq!(names.len(), Kind::ALL.len());
    }
}
