//! Price lists of a seller: other prices for some buyers, for a period.

pub mod dto;
pub mod routes;
pub mod usecase;
