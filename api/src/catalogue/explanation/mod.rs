//! Where a price comes from, and what a seller's buyers see.

pub mod dto;
pub mod routes;
pub mod usecase;
