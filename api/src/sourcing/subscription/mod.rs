//! Which requests of a portal a company wants to hear of.

pub mod dto;
pub mod routes;
pub mod usecase;
