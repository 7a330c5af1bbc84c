//! What bidders bind for an auction of the money that they have deposited.

pub mod books;
pub mod dto;
pub mod routes;
pub mod usecase;
