//! The exchange: instruments, and when their phases change.

pub mod instrument;
pub mod schedule;
