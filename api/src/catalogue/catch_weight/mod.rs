//! Products that are ordered by the piece and billed by what was weighed.

pub mod dto;
pub mod routes;
pub mod usecase;
