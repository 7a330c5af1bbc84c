//! Clearing: trades become contracts, by themselves when their session has ended, and on demand. The rule is
//! [`domain::exchange::clear`]; the contracts and the note of what was cleared are one transaction, after which the market is told.

pub mod dto;
mod origin;
mod past;
pub mod routes;
pub mod run;
pub mod usecase;
