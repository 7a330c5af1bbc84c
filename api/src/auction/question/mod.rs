//! Questions about auctions: who asks is known to nobody, the answer to all who see the auction.

pub mod dto;
pub mod routes;
pub mod usecase;
