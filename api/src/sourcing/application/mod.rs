//! Applications to quote, where the buyer admits who may; and invitations that are declined.

pub mod dto;
pub mod routes;
pub mod usecase;
