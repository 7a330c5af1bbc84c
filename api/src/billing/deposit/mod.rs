//! Money that companies pay in as a security, and get back: the operator records it as the bank says.

pub mod dto;
pub mod routes;
pub mod usecase;
