//! Further rounds of quotes: to all who are left, to some for their best and final offers, or as a reverse auction.

pub mod auction;
pub mod dto;
pub mod routes;
pub mod usecase;
