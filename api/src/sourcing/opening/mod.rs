//! Opening sealed quotes: when, by whom, and what follows.

pub mod dto;
pub mod routes;
pub mod usecase;
