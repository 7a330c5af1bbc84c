//! The black-box tests, a module per feature.

mod catalogue;
mod conventions;
mod ordering;
mod party;
mod portal;
mod schema;
