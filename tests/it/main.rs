//! The black-box tests, a module per feature.

mod billing;
mod catalogue;
mod contract;
mod conventions;
mod ordering;
mod party;
mod portal;
mod readme;
mod schema;
mod seed;
