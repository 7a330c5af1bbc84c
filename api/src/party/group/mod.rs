//! Groups of companies: parents and their affiliates.

pub mod dto;
pub mod routes;
pub mod usecase;
