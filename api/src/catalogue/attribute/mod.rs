//! The typed attributes of products: what categories define, and how products are judged by it.

pub mod check;
pub mod dto;
pub mod routes;
pub mod usecase;
