//! Orders on the exchange: placing, changing, cancelling and reading them.

pub mod act;
pub mod batch;
pub mod dto;
pub mod report;
pub mod routes;
pub mod usecase;
