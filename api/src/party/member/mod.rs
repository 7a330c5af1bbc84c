//! The people of an organisation and their roles.

pub mod dto;
pub mod routes;
pub mod usecase;
