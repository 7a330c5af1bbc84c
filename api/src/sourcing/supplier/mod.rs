//! Suppliers that a buyer could ask for a quote.

pub mod dto;
pub mod routes;
pub mod usecase;
