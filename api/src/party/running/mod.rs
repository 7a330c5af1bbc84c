//! What an organisation has running.

pub mod dto;
pub mod routes;
pub mod usecase;
