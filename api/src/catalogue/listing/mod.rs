//! The catalogue of a portal as buyers read it, each at their own prices.

pub mod cache;
pub mod dto;
pub mod routes;
pub mod usecase;
