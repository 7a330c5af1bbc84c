//! Bank accounts of organisations.

pub mod dto;
pub mod routes;
pub mod usecase;
