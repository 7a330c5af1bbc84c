//! Price lists of a seller: other prices for some buyers or for everyone, for a period.

pub mod check;
pub mod dto;
pub mod routes;
pub mod upload;
pub mod usecase;
