//! Organisations: registration, the directory, verification.

pub mod dto;
pub mod routes;
pub mod usecase;
