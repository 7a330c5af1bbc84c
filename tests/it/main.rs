//! The black-box tests, a module per feature.

mod conventions;
mod party;
mod schema;
