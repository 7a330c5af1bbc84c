//! What people do with their own accounts.

pub mod dto;
pub mod routes;
pub mod usecase;
