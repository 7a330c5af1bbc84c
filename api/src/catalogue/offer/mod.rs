//! Offers as their seller keeps them.

pub mod dto;
pub mod routes;
pub mod usecase;
