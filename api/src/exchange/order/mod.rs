//! Orders on the exchange: placing, changing, cancelling and reading them.

pub mod batch;
pub mod dto;
pub mod report;
pub mod routes;
pub mod usecase;
