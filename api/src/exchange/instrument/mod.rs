//! Instruments: what is traded on an exchange.

pub mod dto;
pub mod routes;
pub mod usecase;
