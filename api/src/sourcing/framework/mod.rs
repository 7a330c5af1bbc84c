//! Framework agreements, and what is called off from them.

pub mod dto;
pub mod routes;
pub mod usecase;
