//! What follows from the close of a lot: contracts, exactly one for each winner, deposits that are free again or lost, and the end of it all.

pub mod contract;
pub mod default;
pub mod dto;
pub mod followed;
pub mod review;
pub mod routes;
pub mod run;
pub mod usecase;
