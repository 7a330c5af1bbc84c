//! Invitations of people into organisations.

pub mod dto;
pub mod routes;
pub mod usecase;
