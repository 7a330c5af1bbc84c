//! What the operator does with people.

pub mod dto;
pub mod routes;
pub mod usecase;
