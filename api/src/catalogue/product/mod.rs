//! Products of a seller and their stock.

pub mod check;
pub mod dto;
pub mod routes;
pub mod usecase;
