//! Buyer groups: a seller's named sets of organisations, for offers and price lists.

pub mod dto;
pub mod routes;
pub mod usecase;
