//! The black-box tests, a module per feature.

mod authorisation;
mod billing;
mod catalogue;
mod contract;
mod conventions;
mod openapi;
mod event;
mod ordering;
mod party;
mod portal;
mod readme;
mod schema;
mod seed;
