//! Warehouses of sellers.

pub mod dto;
pub mod routes;
pub mod usecase;
