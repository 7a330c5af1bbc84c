//! The black-box tests, a module per feature.

mod auction;
mod authorisation;
mod billing;
mod catalogue;
mod contract;
mod conventions;
mod document;
mod event;
mod exchange;
mod faults;
mod imports;
mod integration;
mod openapi;
mod openapi_life;
mod ordering;
mod party;
mod plans;
mod portal;
mod readme;
mod redis;
mod schema;
mod seed;
mod sourcing;
