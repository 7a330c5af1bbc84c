//! An unsold lot, offered to the second bidder by its seller.

pub mod dto;
pub mod routes;
pub mod usecase;
