//! The black-box tests, a module per feature.

mod schema;
