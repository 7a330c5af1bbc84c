//! Counter-offers: a buyer and a quoter bargain over one quote, line by line, in versions that stay as they were made.

pub mod dto;
pub mod routes;
pub mod usecase;
