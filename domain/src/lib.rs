//! The rules of Torg: pure functions and state machines. No I/O, no async, no clock, no SQL, no HTTP.

pub mod auction;
pub mod billing;
pub mod catalogue;
pub mod contract;
pub mod document;
pub mod event;
pub mod exchange;
pub mod integration;
pub mod kernel;
pub mod ordering;
pub mod party;
pub mod portal;
pub mod sourcing;
