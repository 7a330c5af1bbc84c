//! Blocked buyers: they see and buy nothing of a seller, and cannot tell.

pub mod dto;
pub mod routes;
pub mod usecase;
