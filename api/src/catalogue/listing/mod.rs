//! The catalogue of a portal as buyers read it, each at their own prices.

pub mod cache;
pub mod dto;
pub mod facet_dto;
pub mod facet_names;
pub mod found;
pub mod own_price;
pub mod query;
pub mod routes;
pub mod suggestion;
pub mod usecase;
